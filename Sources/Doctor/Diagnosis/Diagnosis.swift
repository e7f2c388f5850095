package import BackupModel
package import BackupReports

/// One thing that is wrong: what, why, what shows it, what to type, and whom to call.
package struct Diagnosis: Sendable, Equatable {
    package let code: DiagnosisCode
    package let severity: Severity
    /// A clause without a capital letter and a full stop.
    package let cause: Bilingual
    /// What shows it; messages of programs stay in the language they came in.
    package let evidence: Bilingual?
    package internal(set) var remedy: Remedy
    package let subject: Subject
    package let section: DiagnosisSection
    package let runbook: RunbookSection
    package let team: Team
    /// What comes of it, in the order of causes.
    package internal(set) var consequences: [Diagnosis] = []

    init(
        _ code: DiagnosisCode, _ severity: Severity, _ cause: Bilingual, evidence: Bilingual? = nil, remedy: Remedy,
        subject: Subject = Subject(), runbook: RunbookSection? = nil, team: Team? = nil
    ) {
        self.code = code
        self.severity = severity
        self.cause = cause
        self.evidence = evidence
        self.remedy = remedy
        self.subject = subject
        section = code.place.section
        self.runbook = runbook ?? code.place.runbook
        self.team = team ?? code.place.team
    }
}

extension Diagnosis {
    /// What it concerns, as far as that is one thing.
    package struct Subject: Sendable, Equatable {
        package var target: BackupTarget?
        package var store: String?
        package var point: RecoveryPointID?
        /// Why a run failed.
        package var failure: BackupError.Code?
        /// Whether its process was gone before it could say so.
        package var hasDied = false
        /// Whether it is a folder that is not there, and that nobody can make.
        package var isUnmade = false

        package init(
            target: BackupTarget? = nil, store: String? = nil, point: RecoveryPointID? = nil, failure: BackupError.Code? = nil
        ) {
            self.target = target
            self.store = store
            self.point = point
            self.failure = failure
        }
    }

    /// What to do about it.
    package struct Remedy: Sendable, Equatable {
        /// A sentence.
        package let words: Bilingual
        /// For this machine, in their order; what stands in capitals is to be filled in. Whoever types them all does no harm.
        package let commands: [String]
        /// What to do in cases that only a person can tell apart, each instead of the others.
        package private(set) var alternatives: [RemedyAlternative] = []

        init(_ english: String, _ russian: String, _ commands: String...) { self.init(english, russian, commands) }

        init(_ english: String, _ russian: String, _ commands: [String]) {
            words = Bilingual(english, russian)
            self.commands = commands
        }

        func or(onlyIf english: String, _ russian: String, _ commands: String...) -> Self { or(onlyIf: english, russian, commands) }

        /// - Parameters: clauses without a capital letter and a full stop, and what is typed then.
        func or(onlyIf english: String, _ russian: String, _ commands: [String]) -> Self {
            var remedy = self
            remedy.alternatives.append(RemedyAlternative(onlyIf: Bilingual(english, russian), commands))
            return remedy
        }
    }

    /// As bad as the worst that comes of it.
    package var gravity: Severity { consequences.map(\.severity).reduce(severity, max) }
}

extension Bilingual {
    /// What a program said, in the language it said it in; or a name.
    package init(quoting message: String) { self.init(message, message) }
}
