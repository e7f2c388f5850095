package import BackupModel

/// Something somebody has to see to, as it is told to every channel: all of it words and values, nothing that has to be looked up.
package struct Alert: Sendable, Equatable, Codable {
    /// What joins its beginning, its changes and its end: the service's name and what it is about.
    package var key: String
    /// Of its words, and of what is said with them.
    package var language: Language
    package var severity: Severity
    /// What all of its kind are called: the runbook knows the critical ones by it.
    package var title: String
    /// One line: the title and what is wrong.
    package var summary: String
    package var subject: AlertSubject
    package var team: Team
    package var host: String
    package var since: Instant
    /// The cause first. Never empty.
    package var reasons: [Line]
    /// What the doctor found behind the first of them; nil where it has not looked, or found no more.
    package var diagnosis: Diagnosis?
    /// The runbook's section about the cause; nil where nobody has said where the runbook is.
    package var runbook: String?
    /// Who was called after the first one, in that order.
    package var escalations: [EscalatedTeam]
    /// Whether anybody was told of it: what may pass by itself waits a while.
    package var isTold: Bool

    package struct Line: Sendable, Equatable, Codable {
        package var code: Finding.Code
        package var summary: String
        package var evidence: String
        package var remedy: String
        /// The heading of the runbook's section.
        package var section: String
        package var team: Team
    }

    /// A cause the doctor found.
    package struct Diagnosis: Sendable, Equatable, Codable {
        /// The doctor's, stable.
        package var code: String
        package var cause: String
        package var evidence: String?
        /// A sentence.
        package var advice: String
        /// For the machine of the service, in their order.
        package var commands: [String]
        /// For cases that only a person can tell apart; nil where there are none.
        package var alternatives: [Alternative]?
        /// The heading of the runbook's section.
        package var section: String
        package var team: Team
        package var consequences: [String]

        package struct Alternative: Sendable, Equatable, Codable {
            /// What has to be so.
            package var onlyIf: String
            package var commands: [String]
            /// The same as comments of a shell.
            package var lines: [String]
        }
    }

    package struct EscalatedTeam: Sendable, Equatable, Codable {
        package var team: Team
        package var at: Instant
        /// Names such as `@dba-lead`; what else contacts are is a secret or an address, and not told.
        package var mentions: [String]
    }

    package var cause: Line { reasons[0] }
    /// The heading of the runbook's section to begin with.
    package var section: String { diagnosis?.section ?? cause.section }
}

/// What an alert is about; its key ends with it.
package enum AlertSubject: String, Sendable, Codable, CaseIterable, Hashable {
    case postgres, redis
    /// What concerns all of them: the run under way, disks, stores.
    case service

    package init(_ target: BackupTarget?) {
        switch target {
        case .postgres: self = .postgres
        case .redis: self = .redis
        case nil: self = .service
        }
    }

    package var name: Bilingual {
        switch self {
        case .postgres: Bilingual(BackupTarget.postgres.name, BackupTarget.postgres.name)
        case .redis: Bilingual(BackupTarget.redis.name, BackupTarget.redis.name)
        case .service: Bilingual("backup service", "служба резервного копирования")
        }
    }
}

/// What has become of an alert, for whoever is told.
package struct AlertMessage: Sendable, Equatable, Codable {
    package enum Action: String, Sendable, Codable, CaseIterable {
        case trigger
        /// What is wrong has changed.
        case update
        /// Nobody has mended it in time, and another team is called.
        case escalate
        case resolve
    }

    package var action: Action
    package var alert: Alert
    package var at: Instant
    /// Said first, so that nobody runs to the servers for it.
    package var isTest = false
}

extension Alert {
    /// - Parameter reasons: all of the same severity, the cause first.
    init?(_ reasons: [Reason], subject: AlertSubject, severity: Severity, facts: ServiceFacts, settings: AlertSettings) {
        guard let first = reasons.first else { return nil }
        key = "\(settings.name)/\(subject.rawValue)" + (severity == .critical ? "" : "/warning")
        language = settings.language
        self.severity = severity
        title = severity == .critical ? "Backup Failed" : "Backup Warning"
        let place = Bilingual("\(settings.name) on \(facts.host)", "\(settings.name) на \(facts.host)")
        summary = "\(title) (\(subject.name[language])): \(first.summary[language]), \(place[language])"
        self.subject = subject
        let cause = facts.examination?.cause(of: first)
        diagnosis = cause.map { [language] in Diagnosis($0, language) }
        team = diagnosis?.team ?? first.team
        host = facts.host
        since = facts.now
        self.reasons = reasons.map { [language] in Line($0, language) }
        runbook = settings.runbook.map((cause?.section ?? first.section).link)
        escalations = []
        isTold = false
    }
}

extension Alert.Line {
    init(_ reason: Reason, _ language: Language) {
        code = reason.code
        summary = reason.summary.capitalized(language)
        evidence = reason.evidence[language]
        remedy = reason.remedy
        section = reason.section.heading.russian
        team = reason.team
    }
}

extension Alert.Diagnosis {
    init(_ cause: ExaminedCause, _ language: Language) {
        code = cause.code
        self.cause = cause.summary.capitalized(language)
        evidence = cause.evidence?[language]
        advice = cause.advice[language]
        commands = cause.commands
        alternatives = cause.alternatives.isEmpty ? nil : cause.alternatives.map { Alternative($0, language) }
        section = cause.section.heading.russian
        team = cause.team
        consequences = cause.consequences.map { $0[language] }
    }
}

extension Alert.Diagnosis.Alternative {
    init(_ alternative: RemedyAlternative, _ language: Language) {
        self.init(
            onlyIf: alternative.condition[language], commands: alternative.commands, lines: alternative.lines(in: language))
    }
}
