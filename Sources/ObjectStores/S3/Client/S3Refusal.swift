import BackupModel
import NIOHTTP1

/// An answer that is no success, and what it says.
struct S3Refusal: Sendable {
    let status: Int
    /// S3's own word, such as `AccessDenied`; empty when the answer has none.
    let code: String
    /// The server's sentence.
    let message: String
    /// Where the bucket lies, when the server says that it is not where we looked.
    let region: String?
    /// Where a redirect points.
    let place: String?

    init(_ answer: HTTPAnswer) {
        let document = try? S3XML.decode(S3ErrorDocument.self, root: "Error", from: answer.body)
        status = answer.status
        code = document?.code ?? Self.wordsInHeaders(answer)
        message = document?.message ?? ""
        region = document?.region ?? answer.headers.first(name: "x-amz-bucket-region")
        place = document?.endpoint ?? answer.headers.first(name: "location")
    }

    /// Some servers say in a header what an answer without a body cannot.
    private static func wordsInHeaders(_ answer: HTTPAnswer) -> String {
        answer.headers.first(name: "x-amz-error-code") ?? answer.headers.first(name: "x-minio-error-code") ?? ""
    }

    /// Why it may go better the next time; nil when it will not.
    func retryReason(_ answer: HTTPAnswer, now: Instant) -> RetryReason? {
        if status == 429 || status == 503 || Self.busyCodes.contains(code) {
            return .slowDown(retryAfter: answer.retryAfter(now: now))
        }
        if status == 408 || (500...599).contains(status) && ![501, 505, 507].contains(status) || Self.transientCodes.contains(code) {
            return .transient
        }
        return nil
    }

    var saysExpired: Bool { ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"].contains(code) }

    private static let busyCodes: Set<String> = [
        "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests", "SlowDownRead",
        "SlowDownWrite",
    ]

    /// Errors of the road, not of the request: the body came damaged or too slowly.
    private static let transientCodes: Set<String> = [
        "InternalError", "RequestTimeout", "IncompleteBody", "BadDigest", "XAmzContentSHA256Mismatch", "OperationAborted",
        "XAmzContentChecksumMismatch", "InvalidDigest",
    ]
}
