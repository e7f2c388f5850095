import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

/// One thing that goes wrong, and what is to come of it.
struct S3FaultCase: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// As if nothing had been.
        case survived
        /// An error of that code, with these words in its message or hint.
        case reported(BackupError.Code, [String])
    }

    var errand: S3Errand
    var testDescription: String
    var faults: [ScriptedS3.Fault]
    var outcome: Outcome
    /// Short where the server falls silent, and long enough for a busy machine.
    var stallLimit: Duration = .seconds(30)

    var meetingSilence: S3FaultCase {
        var patient = self
        patient.stallLimit = .milliseconds(1500)
        return patient
    }

    init(_ errand: S3Errand, _ description: String, _ faults: [ScriptedS3.Fault], _ outcome: Outcome) {
        self.errand = errand
        testDescription = "\(errand.rawValue): \(description)"
        self.faults = faults
        self.outcome = outcome
    }
}

extension S3FaultCase {
    typealias Fault = ScriptedS3.Fault

    static let portal = "<html><body>Please log in to the guest network</body></html>"
    static let slow = ScriptedReply.error(503, "SlowDown", "Please reduce your request rate.")
    static let broken = ScriptedReply.error(500, "InternalError", "We encountered an internal error.")
    static let denied = ScriptedReply.error(403, "AccessDenied", "Access Denied")
    static let expired = ScriptedReply.error(400, "ExpiredToken", "The provided token has expired.")
    static let smtp = ScriptedReply.raw(Array("220 mail.example.com ESMTP\r\n".utf8))

    /// Somebody else is faster.
    static func rival(_ key: String) -> ScriptedS3.Fault.Act {
        .before { $0.store(S3Errand.prefix + key, .init(bytes: S3Errand.strangers)) }
    }

    /// A header of the answer is another one.
    static func header(_ name: String, _ value: String?) -> ScriptedS3.Fault.Act {
        .changing { reply in
            guard case .answer(let status, var headers, let body) = reply else { return }
            headers[name] = value
            reply = .answer(status, headers: headers, body: body)
        }
    }

    /// The body of the answer is cut, but announced as long as it is.
    static func cut(after count: Int, stalling: Bool = false) -> ScriptedS3.Fault.Act {
        .changing { reply in
            guard case .answer(let status, let headers, let body) = reply else { return }
            reply =
                stalling
                ? .stalled(status, headers: headers, body: body, after: count)
                : .truncated(status, headers: headers, body: body, after: count)
        }
    }

    /// The same, and only the server's direction of the connection ends with it.
    static func halfClosed(after count: Int) -> ScriptedS3.Fault.Act {
        .changing { reply in
            guard case .answer(let status, let headers, let body) = reply else { return }
            reply = .halfClosed(status, headers: headers, body: body, after: count)
        }
    }
}
