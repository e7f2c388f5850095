package import BackupModel

/// What the doctor found when it looked last, as values for whoever tells or shows it.
package struct ExaminationFacts: Sendable, Equatable {
    /// When it began to look.
    package var at: Instant
    /// Root causes, the worst first.
    package var causes: [ExaminedCause]

    package init(at: Instant, causes: [ExaminedCause]) {
        self.at = at
        self.causes = causes
    }
}

/// One cause: what is wrong and why, what shows it, what to type, and whom to call.
package struct ExaminedCause: Sendable, Equatable {
    /// The doctor's, stable.
    package var code: String
    /// As bad as the worst that comes of it.
    package var severity: Severity
    /// Nil for what concerns all of them.
    package var target: BackupTarget?
    package var store: String?
    /// A clause without a capital letter and a full stop.
    package var summary: Bilingual
    package var evidence: Bilingual?
    /// A sentence.
    package var advice: Bilingual
    /// For this machine, in their order.
    package var commands: [String]
    /// For cases that only a person can tell apart.
    package var alternatives: [RemedyAlternative]
    package var section: RunbookSection
    package var team: Team
    /// What comes of it.
    package var consequences: [Bilingual]
    /// The reasons of health it accounts for, itself and its consequences.
    package var accounts: [Account]

    /// A reason of health, as far as a cause can know it.
    package struct Account: Sendable, Equatable {
        package var code: Finding.Code
        /// Nil: whichever it is of.
        package var target: BackupTarget?
        package var store: String?

        package init(_ code: Finding.Code, target: BackupTarget? = nil, store: String? = nil) {
            self.code = code
            self.target = target
            self.store = store
        }
    }

    package init(
        code: String, severity: Severity, target: BackupTarget? = nil, store: String? = nil, summary: Bilingual, evidence: Bilingual? = nil,
        advice: Bilingual, commands: [String], alternatives: [RemedyAlternative] = [], section: RunbookSection, team: Team,
        consequences: [Bilingual] = [], accounts: [Account] = []
    ) {
        self.code = code
        self.severity = severity
        self.target = target
        self.store = store
        self.summary = summary
        self.evidence = evidence
        self.advice = advice
        self.commands = commands
        self.alternatives = alternatives
        self.section = section
        self.team = team
        self.consequences = consequences
        self.accounts = accounts
    }
}

extension ExaminationFacts {
    /// What is behind a reason of health; nil where the doctor does not know, or has looked before it came about.
    package func cause(of reason: Reason) -> ExaminedCause? {
        if case .failed(_, let begun, _) = reason.finding, begun > at { return nil }
        return causes.first { $0.accounts.contains { $0.covers(reason.finding) } }
    }

    /// What a run that has just failed failed for; nil where the doctor knows no more than the run itself.
    package func cause(of failure: RunFailure) -> ExaminedCause? {
        let behind = causes.first { cause in
            cause.code != Finding.Code.failed.rawValue && cause.accounts.contains { Self.ends.contains($0.code) }
        }
        guard behind == nil, Self.storeFailures.contains(failure.code) else { return behind }
        return causes.first { $0.accounts.contains { $0.code == .storeDown } }
    }

    /// How a run ends that did not do what it was to do.
    private static let ends: Set<Finding.Code> = [.failed, .verificationFailed, .lackingTarget]
    private static let storeFailures: Set<BackupError.Code> = [.partlyDone, .storeFailed, .storeReadOnly, .objectLocked, .stalled]

    /// For a log: the worst causes, a line each.
    package var lines: [String] {
        guard !causes.isEmpty else { return ["diagnosis: the doctor finds nothing that is wrong now"] }
        return causes.prefix(3).map { "diagnosis: \($0.line)" }
    }
}

extension ExaminedCause {
    /// For a log, in English.
    package var line: String {
        let shown = evidence.map { ": \($0.english)" } ?? ""
        let commands = commands.isEmpty ? advice.english : commands.joined(separator: "; ")
        return "\(summary.english)\(shown) (\(code)); do: \(commands); call: \(team.name.english)"
    }
}

extension ExaminedCause.Account {
    fileprivate func covers(_ finding: Finding) -> Bool {
        guard code == finding.code, target == nil || target == finding.target else { return false }
        guard case .storeDown(let name, _, _) = finding else { return true }
        return store == nil || store == name
    }
}
