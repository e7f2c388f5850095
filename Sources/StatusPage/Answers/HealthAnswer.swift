import BackupModel
import BackupReports

/// `/api/health`: whether the data is safe, and why not.
struct HealthAnswer: Encodable {
    let now: Instant
    let level: Health.Level
    let sentence: String
    let reasons: [ReasonSummary]
    let targets: [TargetSummary]
    let disks: [DiskSummary]
    let stores: [StoreSummary]
    let schedule: ScheduleSummary
    /// What the doctor found last; left out before it has looked.
    let diagnosis: DiagnosisSummary?

    struct ReasonSummary: Encodable {
        let code: Finding.Code
        let severity: Severity
        let target: BackupTarget?
        let summary: String
        let evidence: String
        let remedy: String
        let section: RunbookSection
        let team: Team
    }

    struct TargetSummary: Encodable {
        let target: BackupTarget
        let lastAttempt: Instant?
        let lastSuccess: Instant?
        let lastVerified: Instant?
    }

    struct DiskSummary: Encodable {
        let path: String
        let bytes: Int64
        let freeBytes: Int64
        let inodes: Int64
        let freeInodes: Int64
        let usedPercent: Int
        let limitPercent: Int
    }

    struct StoreSummary: Encodable {
        let name: String
        let isUp: Bool
        let checkedAt: Instant
        let bytes: Int64
        let failure: RunFailure?
    }

    struct ScheduleSummary: Encodable {
        let expression: String
        let zone: String
        let last: Instant?
        let next: Instant?
        /// Left out where the next one is none after a failure.
        let attempt: AttemptSummary?
        let intervalSeconds: Double
    }

    struct AttemptSummary: Encodable {
        let number: Int
        let count: Int
    }

    struct DiagnosisSummary: Encodable {
        let examinedAt: Instant
        let findings: [FindingSummary]
    }

    struct AlternativeSummary: Encodable {
        let onlyIf: String
        let commands: [String]
    }

    struct FindingSummary: Encodable {
        let code: String
        let severity: Severity
        let target: BackupTarget?
        let store: String?
        let cause: String
        let evidence: String?
        let advice: String
        let commands: [String]
        let alternatives: [AlternativeSummary]
        let section: RunbookSection
        let team: Team
        let consequences: [String]

        init(_ cause: ExaminedCause) {
            (code, severity, target, store) = (cause.code, cause.severity, cause.target, cause.store)
            (self.cause, evidence, advice) = (cause.summary.english, cause.evidence?.english, cause.advice.english)
            (commands, section, team) = (cause.commands, cause.section, cause.team)
            alternatives = cause.alternatives.map { .init(onlyIf: $0.condition.english, commands: $0.commands) }
            consequences = cause.consequences.map(\.english)
        }
    }

    init(_ facts: ServiceFacts) {
        let health = Health(facts)
        now = facts.now
        level = health.level
        sentence = health.sentence.english
        reasons = health.reasons.map { reason in
            ReasonSummary(
                code: reason.code, severity: reason.severity, target: reason.target, summary: reason.summary.english,
                evidence: reason.evidence.english, remedy: reason.remedy, section: reason.section, team: reason.team)
        }
        targets = facts.targets.map { target in
            TargetSummary(
                target: target, lastAttempt: facts.history[target]?.lastAttempt, lastSuccess: facts.lastSuccess(of: target),
                lastVerified: facts.lastVerified(of: target))
        }
        disks = facts.disks.map { disk in
            DiskSummary(
                path: disk.path, bytes: disk.bytes, freeBytes: disk.freeBytes, inodes: disk.inodes, freeInodes: disk.freeInodes,
                usedPercent: disk.usedPercent, limitPercent: disk.limitPercent)
        }
        stores = facts.stores.map { store in
            StoreSummary(
                name: store.name, isUp: store.failure == nil, checkedAt: store.checkedAt, bytes: store.bytes, failure: store.failure)
        }
        let plan = facts.schedule
        schedule = ScheduleSummary(
            expression: plan.expression, zone: plan.zone, last: plan.last, next: plan.next,
            attempt: plan.attempt.map { AttemptSummary(number: $0.number, count: $0.count) }, intervalSeconds: plan.interval.inSeconds)
        diagnosis = facts.examination.map { DiagnosisSummary(examinedAt: $0.at, findings: $0.causes.map(FindingSummary.init)) }
    }
}
