/// One thing that the look before an operation has found.
package struct PreflightFinding: Sendable, Codable, Equatable {
    package enum Severity: String, Sendable, Codable {
        /// The operation would fail: it is not begun.
        case refusal
        /// It can go on, and the operator should know.
        case warning
    }

    package var severity: Severity
    package var code: BackupError.Code
    package var message: String
    package var hint: String?

    package static func refusal(_ code: BackupError.Code, _ message: String, hint: String) -> PreflightFinding {
        PreflightFinding(severity: .refusal, code: code, message: message, hint: hint)
    }

    package static func warning(_ message: String, hint: String? = nil) -> PreflightFinding {
        PreflightFinding(severity: .warning, code: .failed, message: message, hint: hint)
    }
}

extension [PreflightFinding] {
    /// All refusals as one error; nil when there is none.
    package var refusal: BackupError? {
        let refusals = filter { $0.severity == .refusal }
        guard let first = refusals.first else { return nil }
        let hints = refusals.compactMap(\.hint)
        return BackupError(
            first.code, "nothing was touched: " + refusals.map(\.message).joined(separator: "; "), hint: hints.joined(separator: " "))
    }
}
