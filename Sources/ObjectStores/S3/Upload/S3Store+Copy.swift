import BackupModel
import Crypto
import FoundationEssentials
import NIOCore

extension S3Store {
    /// What came of having the server make a part of what it has.
    enum PartCopy {
        case made(S3Part)
        /// What the server has there are other bytes, or it was busy.
        case different
        /// It does not do that, not with these credentials, or not so that it can be told what came of it.
        case refused(String)
        /// Nobody knows: it may still be doing it, and put the copy in the place of whatever is sent under that number meanwhile.
        case unanswered(String)
    }

    /// S3 says within seconds that it copies, and goes on saying it; a server that does not is not waited for as long as one that takes bytes.
    private static let shareOfPatience = 3
    /// What proxies say when the server has not answered them.
    private static let unanswered: Set<Int> = [502, 504]
    /// The range reaches beyond the end of the earlier object; AWS calls that an argument.
    private static let beyondTheEnd: Set<String> = ["InvalidRange", "InvalidArgument"]

    /// Has the server make a part of a range of another object (UploadPartCopy).
    ///
    /// Its bytes are in hand, and the server says the SHA-256 of what it copied: so it is known of a copied part what is known of one that was sent,
    /// whatever became of the object it was copied from. Without that answer a copy is not used.
    func copyPart(_ item: PartQueue.Item, from precedent: Precedent, of key: String, upload: String) async throws -> PartCopy {
        let request = copyRequest(item, from: precedent, of: key, upload: upload)
        do {
            // Once: what fails is sent instead, and that is tried again.
            let attempt = try await client.attempt(
                request, expecting: Self.unanswered.union([416]), tolerating: Self.beyondTheEnd, Renewal())
            switch attempt {
            case .failed(_, let error): return Self.leavesDoubt(error) ? .unanswered("\(error)") : .different
            case .done(let answer) where Self.unanswered.contains(answer.status): return .unanswered("the server answered \(answer.status)")
            case .done(let answer) where !answer.isSuccess: return .different
            case .done(let answer): return try judge(answer, item)
            }
        } catch let error as BackupError {
            return Self.leavesDoubt(error) ? .unanswered(error.message) : .refused(error.message)
        } catch let error as S3XML.Unexpected {
            return .refused(error.description)
        }
    }

    /// The same in an upload of its own, which is given up: all that comes of it is the answer.
    func tryCopy(
        _ item: PartQueue.Item, from precedent: Precedent, of key: String, noting lost: LostBeginnings? = nil
    ) async throws -> PartCopy {
        let upload = try await createUpload(key, token: Self.freshToken(), noting: lost)
        let copy: Swift.Result<PartCopy, any Error>
        do { copy = .success(try await copyPart(item, from: precedent, of: key, upload: upload)) } catch { copy = .failure(error) }
        try await uncancelled { try await abortUpload(key, upload: upload) }
        return try copy.get()
    }

    /// Whether the request may have reached the server although its answer never came.
    static func leavesDoubt(_ error: any Error) -> Bool {
        guard let failure = (error as? BackupError)?.cause as? HTTPFailure else { return false }
        return switch failure.kind {
        case .stalled, .brokenOff, .oversized, .garbled: true
        case .unreachable, .barred, .untrusted, .withoutTLS: false
        }
    }

    private func copyRequest(_ item: PartQueue.Item, from precedent: Precedent, of key: String, upload: String) -> S3Request {
        let last = precedent.offset + Int64(item.bytes.readableBytes) - 1
        var request = S3Request(
            .copyPart, key, query: [("partNumber", "\(item.number)"), ("uploadId", upload)],
            headers: [
                ("x-amz-copy-source", client.address.source(precedent.key)),
                ("x-amz-copy-source-range", "bytes=\(precedent.offset)-\(last)"),
            ])
        request.payloadHash = SHA256Hash.ofNothing
        request.stallLimit = options.http.stallLimit / Self.shareOfPatience
        return request
    }

    /// S3 may begin a 200 before it is done, and end it with an error.
    private func judge(_ answer: HTTPAnswer, _ item: PartQueue.Item) throws -> PartCopy {
        let copied = try S3XML.decode(S3CopiedPart.self, root: S3CopiedPart.root, from: answer.body)
        guard let found = copied.checksumSHA256, let tag = copied.eTag, !tag.isEmpty else {
            return .refused("the server does not say what it copied")
        }
        let checksum = Data(item.bytes.sha256).base64EncodedString()
        guard found == checksum else { return .different }
        return .made(S3Part(number: item.number, bytes: item.bytes.readableBytes, tag: tag, checksum: checksum))
    }
}
