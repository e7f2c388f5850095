import BackupModel
import Crypto
import FoundationEssentials
import NIOCore
import NIOHTTP1

extension S3Store {
    /// What every object of ours is stored with.
    func storageHeaders(token: String, lock: S3Facts.Lock?) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = [(S3Facts.tokenHeader, token), ("content-type", "application/octet-stream")]
        if let storageClass = options.storageClass { headers.append(("x-amz-storage-class", storageClass)) }
        return headers + options.encryption.headers + lockHeaders(lock ?? freshLock)
    }

    private var freshLock: S3Facts.Lock {
        S3Facts.Lock(
            mode: options.retention?.mode.rawValue,
            until: options.retention.map { context.now() + .seconds(86_400 * Int64($0.days)) }, hasHold: options.hasLegalHold)
    }

    private func lockHeaders(_ lock: S3Facts.Lock) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let mode = lock.mode, let until = lock.until, until > context.now() {
            headers += [("x-amz-object-lock-mode", mode), ("x-amz-object-lock-retain-until-date", until.iso8601)]
        }
        if lock.hasHold { headers.append(("x-amz-object-lock-legal-hold", "ON")) }
        return headers
    }

    /// For servers that know no `If-None-Match`: a look right before a write keeps what was stored while the body ran.
    func requireFree(_ key: String) async throws {
        if case .present = try await presence(of: key) { throw taken(key) }
    }

    /// A small object in one request.
    func putWhole(_ key: String, _ bytes: ByteBuffer, token: String) async throws {
        try await requireFree(key)
        let outcome = try await write(key, bytes, condition: ("if-none-match", "*"), token: token, lock: nil)
        if outcome == .refused { throw taken(key) }
    }

    enum WriteOutcome { case written, refused }

    /// PutObject under a condition. When the condition is refused it may be because of an answer that was lost: then what is there is ours.
    func write(
        _ key: String, _ bytes: ByteBuffer, condition: (name: String, value: String), token: String, lock: S3Facts.Lock?
    ) async throws -> WriteOutcome {
        let digest = bytes.sha256
        var request = S3Request(.put, key, headers: storageHeaders(token: token, lock: lock) + [condition], body: bytes)
        request.payloadHash = digest.hexadecimal
        request.headers += [("x-amz-checksum-sha256", Data(digest).base64EncodedString()), ("x-amz-sdk-checksum-algorithm", "SHA256")]
        let answer = try await client.send(request, expecting: [409, 412])
        if answer.isSuccess, answer.headers.first(name: "etag")?.isEmpty == false {
            try requireChecksum(answer, digest, request)
            try await requireEncryption(of: key, answer)
            return .written
        }
        guard case .present(let facts) = try await presence(of: key) else { return try notThere(answer, request) }
        if facts.token == token {
            try requireEncryption(facts.encryption, of: key)
            return .written
        }
        guard answer.isSuccess else { return .refused }
        throw S3Failure.nonsense(S3XML.Unexpected(description: "a success without an entity tag"), request, client)
    }

    /// A write was answered, and nothing is to be seen of it.
    private func notThere(_ answer: HTTPAnswer, _ request: S3Request) throws -> WriteOutcome {
        if answer.status == 412 { return .refused }
        guard answer.isSuccess else {
            throw BackupError(
                .storeFailed, "cannot store \(request.key ?? "") in \(name): somebody else was storing it at the same time",
                hint: "Run this again.")
        }
        throw S3Failure.nonsense(S3XML.Unexpected(description: "a success without an entity tag"), request, client)
    }

    func createUpload(_ key: String, token: String, noting lost: LostBeginnings? = nil) async throws -> String {
        try await beginUpload(key, token: token, noting: lost).id
    }

    /// When the answer is lost the next attempt begins another upload, and the first one stays, without parts: see `abortLost`.
    func beginUpload(_ key: String, token: String, noting lost: LostBeginnings? = nil) async throws -> S3BegunUpload {
        var headers = storageHeaders(token: token, lock: nil)
        headers.append(("x-amz-checksum-algorithm", "SHA256"))
        let request = S3Request(.createUpload, key, query: [("uploads", "")], headers: headers)
        let renewal = Renewal()
        let answer = try await client.retrier.run { _ in try await attemptToBegin(request, renewal, noting: lost) }
        do {
            let created = try S3XML.decode(
                S3CreatedUpload.self, root: S3CreatedUpload.root, "InitiateMultipartUpload", from: answer.body)
            return S3BegunUpload(id: created.uploadId, encryption: S3Facts.Encryption(answer.headers))
        } catch {
            throw S3Failure.nonsense(error, request, client)
        }
    }

    private func attemptToBegin(
        _ request: S3Request, _ renewal: Renewal, noting lost: LostBeginnings?
    ) async throws -> Retrier.Attempt<HTTPAnswer> {
        let attempt = try await client.attempt(request, expecting: [], renewal, refused: { lost?.note(status: $0) })
        if case .failed(_, let error) = attempt, Self.leavesDoubt(error) { lost?.note() }
        return attempt
    }

    func uploadPart(_ item: PartQueue.Item, of key: String, upload: String) async throws -> S3Part {
        let digest = item.bytes.sha256
        let checksum = Data(digest).base64EncodedString()
        var request = S3Request(
            .uploadPart, key, query: [("partNumber", "\(item.number)"), ("uploadId", upload)],
            headers: [("x-amz-checksum-sha256", checksum)], body: item.bytes)
        request.payloadHash = digest.hexadecimal
        let answer = try await client.send(request)
        try requireChecksum(answer, digest, request)
        guard let tag = answer.headers.first(name: "etag"), !tag.isEmpty else {
            throw S3Failure.nonsense(S3XML.Unexpected(description: "part \(item.number) got no entity tag"), request, client)
        }
        return S3Part(number: item.number, bytes: item.bytes.readableBytes, tag: tag, checksum: checksum)
    }

    /// What the server computed of what it stored, where it says it.
    private func requireChecksum(_ answer: HTTPAnswer, _ digest: SHA256Digest, _ request: S3Request) throws {
        guard let said = answer.headers.first(name: "x-amz-checksum-sha256") else { return }
        guard said == Data(digest).base64EncodedString() else { throw damaged(request.key ?? "") }
    }

    func damaged(_ key: String) -> BackupError {
        BackupError(
            .storeFailed, "\(key) did not arrive in \(name) as it was sent: the server's checksum is another one",
            hint: "Run this again; if it happens again, look at the server's memory and disks, and at proxies on the way.")
    }

    /// Whether what is stored under the key was stored by the write with this token.
    func isOurs(_ key: String, token: String) async throws -> Bool {
        guard case .present(let facts) = try await presence(of: key) else { return false }
        return facts.token == token
    }

    /// After an upload in parts: that the object is there, as long as what was sent, and encrypted as it was asked for.
    /// - Parameter announced: what the server said of its encryption when the upload began, for credentials that may not look.
    func requireWhole(_ key: String, bytes: Int64, announced: S3Facts.Encryption) async throws {
        switch try await presence(of: key) {
        case .unknown: try requireEncryption(announced, of: key)
        case .present(let facts) where facts.bytes == bytes: try requireEncryption(facts.encryption, of: key)
        case .present(let facts):
            throw BackupError(
                .storeFailed, "\(key) in \(name) is \(facts.bytes.counted("byte")) long, and \(bytes.grouped) were sent",
                hint: "Do not rely on that copy; look at the server's log.")
        case .absent:
            throw BackupError(
                .storeFailed, "\(name) says that \(key) is stored whole, and does not have it", hint: "Look at the server's log.")
        }
    }

    func abortUpload(_ key: String, upload: String) async throws {
        _ = try await client.send(S3Request(.abortUpload, key, query: [("uploadId", upload)]), expecting: [404])
    }
}
