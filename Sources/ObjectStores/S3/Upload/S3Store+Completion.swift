import BackupModel
import Crypto
import FoundationEssentials
import NIOCore
import NIOHTTP1

extension S3Store {
    /// Makes the parts one object, if the key is still free.
    ///
    /// The one request whose answer is not to be believed by its status: S3 begins a 200 before it is done, and may end it with an error. And when
    /// the answer is lost, the next attempt is refused because the first one has succeeded; then the object's token tells.
    func completeUpload(_ key: String, upload: String, parts: [S3Part], token: String) async throws {
        let request = S3Request(
            .completeUpload, key, query: [("uploadId", upload)], headers: [("if-none-match", "*"), ("content-type", "application/xml")],
            body: ByteBuffer(string: parts.completion))
        try await requireFree(key)
        let renewal = Renewal()
        try await client.retrier.run { failures -> Retrier.Attempt<Void> in
            switch try await client.attempt(request, expecting: [404, 409, 412], renewal) {
            case .failed(let reason, let error): return .failed(reason, error)
            case .done(let answer) where answer.isSuccess: return try await judge(answer, request, parts, token: token)
            case .done(let answer): return try await doubt(answer, request, token: token)
            }
        }
    }

    private func judge(_ answer: HTTPAnswer, _ request: S3Request, _ parts: [S3Part], token: String) async throws -> Retrier.Attempt<Void> {
        let key = request.key ?? ""
        if S3XML.rootName(of: answer.body[...]) == "Error" {
            var late = answer
            late.status = 500
            let refusal = S3Refusal(late)
            let error = BackupError(
                .storeFailed, "cannot complete \(key) in \(name): the server began with success and ended with \(refusal.code)",
                hint: "Run this again; if it happens again, see the server's log.")
            if ["NoSuchUpload", "PreconditionFailed"].contains(refusal.code) { return try await doubt(answer, request, token: token) }
            return refusal.retryReason(late, now: context.now()).map { .failed($0, error) } ?? .failed(.transient, error)
        }
        do {
            let completed = try S3XML.decode(S3CompletedUpload.self, root: S3CompletedUpload.root, from: answer.body)
            guard completed.checksumSHA256.map({ $0 == parts.composite }) != false else { throw damaged(key) }
            return .done(())
        } catch let error as S3XML.Unexpected {
            if try await isOurs(key, token: token) { return .done(()) }
            return .failed(.transient, S3Failure.nonsense(error, request, client))
        }
    }

    /// Refused: by somebody else's object, or by ours that an earlier attempt completed.
    private func doubt(_ answer: HTTPAnswer, _ request: S3Request, token: String) async throws -> Retrier.Attempt<Void> {
        let key = request.key ?? ""
        switch try await presence(of: key) {
        case .present(let facts): if facts.token == token { return .done(()) } else { throw taken(key) }
        case .unknown where answer.status == 412: throw taken(key)
        case .absent where answer.status == 409:
            let error = BackupError(
                .storeFailed, "cannot complete \(key) in \(name): somebody else was storing it at the same time", hint: "Run this again.")
            return .failed(.transient, error)
        case .absent, .unknown:
            throw BackupError(
                .storeFailed, "cannot complete \(key) in \(name): the server does not know the upload any more",
                hint:
                    "Find out who aborts uploads: a lifecycle rule with AbortIncompleteMultipartUpload of less than a day, another program."
            )
        }
    }
}

extension [S3Part] {
    /// S3's checksum of an object in parts: that of the parts' checksums, with their number.
    var composite: String {
        var hash = SHA256()
        for part in self { hash.update(data: Data(base64Encoded: part.checksum) ?? Data()) }
        return Data(hash.finalize()).base64EncodedString() + "-\(count)"
    }
}
