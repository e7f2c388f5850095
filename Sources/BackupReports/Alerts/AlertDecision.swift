import BackupModel

/// What is open, and what has become of it. Pure: health and open alerts in, messages and open alerts out.
package struct AlertDecision: Sendable, Equatable {
    /// In the order they have to be told.
    package private(set) var messages: [AlertMessage] = []
    package private(set) var open: [Alert] = []

    private static let order = AlertSubject.allCases

    /// - Parameter open: what was open before, as the last decision left it.
    package init(_ facts: ServiceFacts, _ health: Health, open: [Alert], settings: AlertSettings) {
        let wanted = Self.wanted(facts, health, open: open, settings: settings)
        for alert in open where alert.isTold && !wanted.contains(where: { $0.key == alert.key }) {
            messages.append(AlertMessage(action: .resolve, alert: alert, at: facts.now))
        }
        for alert in wanted {
            keep(alert, open.first { $0.key == alert.key }, facts)
            escalate(at: facts.now, settings.escalation)
        }
    }

    private mutating func keep(_ wanted: Alert, _ before: Alert?, _ facts: ServiceFacts) {
        var alert = wanted
        if let before { alert.continues(before) }
        guard alert.isTold else { return begin(alert, facts) }
        guard let before, alert.meaning == before.meaning else { return tell(.update, alert, facts.now) }
        open.append(before)
    }

    private mutating func begin(_ wanted: Alert, _ facts: ServiceFacts) {
        guard facts.now - wanted.since >= wanted.settling(facts) else { return open.append(wanted) }
        var alert = wanted
        alert.isTold = true
        tell(.trigger, alert, facts.now)
    }

    private mutating func tell(_ action: AlertMessage.Action, _ alert: Alert, _ now: Instant) {
        open.append(alert)
        messages.append(AlertMessage(action: action, alert: alert, at: now))
    }

    /// Of the alert that was added last.
    private mutating func escalate(at now: Instant, _ escalation: Escalation) {
        guard var alert = open.popLast() else { return }
        let told = Set(alert.escalations.map(\.team))
        if alert.severity == .critical, alert.isTold {
            for team in escalation.due(cause: alert.team, opened: alert.since, now: now) where !told.contains(team) {
                alert.escalations.append(.init(team: team, at: now, mentions: escalation.mentions(of: team)))
                messages.append(AlertMessage(action: .escalate, alert: alert, at: now))
            }
        }
        open.append(alert)
    }
}

extension AlertDecision {
    /// What should be open now. What concerns all targets is told with each target that suffers from it, and calls nobody a second time; only where
    /// no target is in trouble, or where it was there first, has it an alert of its own.
    private static func wanted(_ facts: ServiceFacts, _ health: Health, open: [Alert], settings: AlertSettings) -> [Alert] {
        let worthTelling = health.reasons.filter { !$0.isBeginning }
        let criticalTargets = Set(worthTelling.filter { $0.severity == .critical }.compactMap(\.target))
        return [Severity.critical, .warning].flatMap { severity in
            order.compactMap { subject -> Alert? in
                let own = worthTelling.filter { AlertSubject($0.target) == subject && $0.severity == severity }
                guard !own.isEmpty else { return nil }
                let isShared = severity == .critical && subject != .service
                let reasons = worthTelling.filter { own.contains($0) || isShared && $0.target == nil && $0.severity == .critical }
                let alert = Alert(reasons, subject: subject, severity: severity, facts: facts, settings: settings)
                let isNew = !open.contains { $0.key == alert?.key }
                return severity == .critical && subject == .service && isNew && !criticalTargets.isEmpty ? nil : alert
            }
        }
    }
}

extension Reason {
    /// A service that is new has no backups yet: that is for its page to say.
    fileprivate var isBeginning: Bool { code == .neverSucceeded && severity == .warning }
}

extension Alert {
    /// How long it has to last before anybody is told: a store that did not answer once, or a copy that is on its way, mends itself.
    /// The doctor, who looks as soon as something is wrong, is waited for a moment: whoever is called then knows the cause.
    fileprivate func settling(_ facts: ServiceFacts) -> Duration {
        if severity == .warning || cause.code == .storeDown { return .seconds(600) }
        let hasLooked = facts.examination.map { $0.at >= since } ?? false
        return diagnosis == nil && facts.isExamined && !hasLooked ? Self.patience : .zero
    }

    /// Longer than the doctor's deadline, which is ten seconds; nobody is called later for it than that.
    private static let patience = Duration.seconds(12)

    /// What makes it worth telling again: ages and counts in its evidence change all the time.
    fileprivate var meaning: [String] { reasons.map(\.code.rawValue) + [team.rawValue] + [diagnosis?.code].compactMap { $0 } }

    /// - Parameter before: the same alert, as it was left.
    fileprivate mutating func continues(_ before: Alert) {
        (since, escalations, isTold) = (before.since, before.escalations, before.isTold)
        // A look that did not come to its end takes nothing back.
        guard diagnosis == nil, cause.code == before.cause.code, let known = before.diagnosis else { return }
        (diagnosis, team, runbook) = (known, known.team, before.runbook)
    }
}
