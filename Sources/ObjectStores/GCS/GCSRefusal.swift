import BackupModel
import FoundationEssentials

/// What Cloud Storage says when it does not do what it was asked ("HTTP status and error codes for JSON"). Pure.
struct GCSRefusal: Sendable, Equatable {
    var status: Int
    /// A word for programs: `forbidden`, `retentionPolicyNotMet`, `rateLimitExceeded`; empty where none is given.
    var reason: String
    /// A sentence for people; one line.
    var message: String

    init(_ answer: HTTPAnswer) {
        let document = try? JSONDecoder().decode(Document.self, from: Data(answer.body)).error
        status = answer.status
        reason = document?.errors?.first?.reason ?? ""
        // Some answers are a bare sentence, some a page of HTML.
        let text = document?.message ?? (answer.body.first == UInt8(ascii: "<") ? "" : answer.text)
        message = String((text.split(whereSeparator: \.isNewline).first ?? "").prefix(300))
    }

    private struct Document: Decodable {
        struct Content: Decodable {
            var message: String?
            var errors: [Detail]?
        }
        struct Detail: Decodable { var reason: String? }
        var error: Content
    }

    /// The object is kept by a bucket's retention policy, its own retention, or a hold.
    var isLocked: Bool { status == 403 && Self.lockReasons.contains(reason) }

    private static let lockReasons: Set = ["retentionPolicyNotMet", "objectUnderActiveHold", "objectRetentionNotMet"]

    /// Too much was asked for the moment.
    var asksToSlowDown: Bool {
        status == 429 || status == 503 || (status == 403 && ["rateLimitExceeded", "userRateLimitExceeded"].contains(reason))
    }

    var isTransient: Bool { status == 408 || (500..<600).contains(status) && status != 501 }
}

extension GCSRefusal {
    /// - Parameters:
    ///   - source: of the credentials that were used.
    ///   - skew: how far the server's clock is ahead of ours, where it said so.
    func error(_ operation: GCSOperation, in location: GCSLocation, source: String, skew: Duration? = nil) -> BackupError {
        let attempt = operation.attempt(in: location.name)
        switch status {
        case 401: return unauthenticated(attempt, source, skew)
        case 403 where isLocked:
            return BackupError(
                .objectLocked, "\(attempt): it is kept by a retention policy or a hold\(saying)",
                hint: "It can go when its retention has passed or its hold is released; `gcloud storage objects describe` shows both.")
        case 403 where !asksToSlowDown: return forbidden(attempt, operation, source)
        case 404: return missing(attempt, operation, location)
        case 412: return taken(attempt, operation)
        case 300..<400:
            return BackupError(
                .storeFailed, "\(attempt): it was redirected elsewhere (status \(status)), which is not followed",
                hint: "A proxy or a wrong STORAGE_EMULATOR_HOST may stand in between.")
        default:
            return BackupError(
                .storeFailed, "\(attempt): Cloud Storage answered with status \(status)\(saying)",
                hint: remedy)
        }
    }

    /// Nil where trying again does not help.
    private var remedy: String? {
        let later = "It was tried several times; try again later"
        if asksToSlowDown {
            return "\(later), or write more slowly with BACKUP_GCS_RATE_LIMIT, and look at https://status.cloud.google.com."
        }
        return isTransient ? "\(later), and look at https://status.cloud.google.com." : nil
    }

    private var saying: String { message.isEmpty ? "" : ": \(message)" }

    private func unauthenticated(_ attempt: String, _ source: String, _ skew: Duration?) -> BackupError {
        let clock = skew.flatMap { abs($0.components.seconds) > 300 ? "; its clock and ours differ by \($0.inMinutes)" : nil } ?? ""
        return BackupError(
            .storeFailed, "\(attempt): authentication failed: the credentials of \(source) were refused\(saying)\(clock)",
            hint: clock.isEmpty
                ? "Check that the account and its key still exist and are enabled, and run `call-center-admin storage check`."
                : "Set this host's clock right; credentials depend on it.", obstacle: clock.isEmpty ? .credentials : .clock)
    }

    private func forbidden(_ attempt: String, _ operation: GCSOperation, _ source: String) -> BackupError {
        switch reason {
        case "insufficientPermissions":
            BackupError(
                .storeFailed, "\(attempt): permission denied: the credentials of \(source) have no scope for it\(saying)",
                hint: "Give the instance the scope devstorage.read_write or cloud-platform, or use a service account's key.",
                obstacle: .denied)
        case "accountDisabled", "billingDisabled", "userProjectAccountProblem":
            BackupError(
                .storeFailed, "\(attempt): permission denied: the project's account or billing is disabled\(saying)",
                hint: "Enable billing for the project, and the account.", obstacle: .denied)
        default:
            BackupError(
                .storeFailed, "\(attempt): permission denied for the credentials of \(source): \(operation.permission) is missing\(saying)",
                hint: "Grant \(operation.permission) on the bucket, as \(operation.role) does, and run `call-center-admin storage check`.",
                obstacle: .denied)
        }
    }

    private func missing(_ attempt: String, _ operation: GCSOperation, _ location: GCSLocation) -> BackupError {
        switch operation {
        case .read(let key), .replace(let key), .delete(let key), .lift(let key):
            BackupError(
                .artifactMissing, "there is no \(key) in \(location.name)\(saying)",
                hint: "See what exists with `call-center-admin db list`.")
        case .create, .lock, .list, .examineBucket:
            BackupError(
                .storeFailed, "\(attempt): there is no such bucket\(saying)",
                hint: "Check the bucket's name in \(location.origin.text("BACKUP_GCS_BUCKET")), or make the bucket.",
                obstacle: .bucketMissing)
        }
    }

    private func taken(_ attempt: String, _ operation: GCSOperation) -> BackupError {
        switch operation {
        case .create, .lock:
            BackupError(
                .targetExists, "\(attempt): it is there already, and nothing is overwritten", hint: "Move it away if it is not wanted.")
        default: BackupError(.storeFailed, "\(attempt): it was changed meanwhile by somebody else", hint: "Try again.")
        }
    }
}

extension Duration {
    fileprivate var inMinutes: String { (self < .zero ? .zero - self : self).briefly }
}
