import BackupModel
import NIOHTTP1

/// What the headers of an answer say of an object.
struct S3Facts: Sendable {
    let bytes: Int64
    /// With its quotes, as conditions want it.
    let tag: String
    /// Of the write that made the object, when it was one of ours and the server keeps metadata.
    let token: String?
    let lock: Lock
    let encryption: Encryption

    struct Lock: Sendable {
        var mode: String?
        var until: Instant?
        var hasHold = false
    }

    static let tokenHeader = "x-amz-meta-backup-write"

    /// - Throws: `.storeFailed` when the answer does not say how long the object is.
    init(_ answer: HTTPAnswer, _ key: String, _ client: S3Client) throws {
        func header(_ name: String) -> String? { answer.headers.first(name: name) }
        guard let bytes = header("content-length").flatMap({ Int64($0) }), bytes >= 0 else {
            throw S3Failure.nonsense(S3XML.Unexpected(description: "it has no length"), S3Request(.head, key), client)
        }
        self.bytes = bytes
        tag = header("etag") ?? ""
        token = header(Self.tokenHeader)
        encryption = Encryption(answer.headers)
        lock = Lock(
            mode: header("x-amz-object-lock-mode"),
            until: header("x-amz-object-lock-retain-until-date").flatMap { Instant(iso8601: $0) },
            hasHold: header("x-amz-object-lock-legal-hold") == "ON")
    }
}

extension S3Facts.Lock {
    /// Why the object cannot be deleted, to stand behind “it is”; nil when it can.
    func reason(at now: Instant) -> String? {
        if let until, until > now { return "locked until \(until.display(asOf: now)) in \((mode ?? "some").lowercased()) mode" }
        return hasHold ? "under a legal hold" : nil
    }
}
