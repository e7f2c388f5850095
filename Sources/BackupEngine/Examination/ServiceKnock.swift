import BackupModel
import Doctor
import OutboundHTTP

/// Whether the service lives, as it says itself.
struct ServiceKnock: Sendable {
    let settings: BackupHTTPSettings?
    /// Whether a service is meant to be there.
    let isExpected: Bool
    let lastRun: Instant?
    let limit: Duration
    let clock: any Clock<Duration>

    func callAsFunction() async -> ProcessCondition {
        guard let settings, settings.address.port != 0 else { return condition(.unknown, "nowhere") }
        let said = try? await bounded(by: limit, clock: clock) { [limit] in await ServiceQuestion(settings).ask(within: limit) }
        var found = condition(said.flatMap { $0 }?.meaning ?? .silent, "\(settings.address)")
        if case .alive(let fingerprint)? = said.flatMap({ $0 }) { found.fingerprint = fingerprint }
        return found
    }

    private func condition(_ answer: ProcessCondition.Answer, _ place: String) -> ProcessCondition {
        ProcessCondition(answer, place: place, isExpected: isExpected, lastRun: lastRun)
    }
}

extension ServiceQuestion.Answer {
    /// Whoever refuses to say more is well enough to refuse.
    fileprivate var meaning: ProcessCondition.Answer {
        switch self {
        case .alive: .well
        case .status(let status): (200..<500).contains(status) ? .well : .unwell(status: status)
        case .stranger(let words): .stranger(words)
        case .nobody: .nobody
        case .silence: .silent
        }
    }
}
