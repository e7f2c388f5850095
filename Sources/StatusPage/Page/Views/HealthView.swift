import BackupModel
import BackupReports

/// Is my data safe, and since when?
struct HealthView {
    /// `good`, `warn`, `bad` or `none`: the look, and the mark that goes with it.
    let mark: String
    let headline: String
    let rest: String
    let reasons: [ReasonView]
    let next: Moment?
    /// Which attempt the next one is; nil where it is none after a failure.
    let attempt: String?
    let schedule: String

    struct ReasonView {
        let mark: String
        let severity: String
        let summary: String
        let evidence: String
        let remedy: String
        let section: String
        let team: String
        let runbook: String?
        /// Whether there is anything to do beside what the reason before asks for.
        let isNews: Bool
    }

    init(_ facts: ServiceFacts, _ speech: Speech, runbook: String?) {
        let health = Health(facts)
        mark = health.level.mark
        let sentence = health.sentence[speech.language]
        let colon = sentence.firstRange(of: ": ")
        headline = String(sentence[..<(colon?.lowerBound ?? sentence.endIndex)])
        rest = String(sentence[(colon?.upperBound ?? sentence.endIndex)...]).capitalizedSentence.withWholeDates
        reasons = health.reasons.enumerated().map { index, reason in
            let before = index > 0 ? health.reasons[index - 1] : nil
            return ReasonView(
                mark: reason.severity == .critical ? "bad" : "warn", severity: speech(reason.severity.words),
                summary: reason.summary.capitalized(speech.language), evidence: reason.evidence[speech.language], remedy: reason.remedy,
                section: reason.section.heading[speech.language], team: reason.team.name[speech.language],
                runbook: runbook.map(reason.section.link),
                isNews: before?.remedy != reason.remedy || before?.section != reason.section || before?.team != reason.team)
        }
        next = facts.schedule.next.map { Moment($0, speech) }
        attempt = facts.schedule.attempt.map { speech($0.words) }
        // One piece: a line that ended within it would have the hours read as part of the time before.
        schedule = "\(facts.schedule.expression) \(facts.schedule.zone)".replacing(" ", with: "\u{a0}")
    }
}

extension Health.Level {
    var mark: String {
        switch self {
        case .good: "good"
        case .warning: "warn"
        case .critical: "bad"
        case .never: "none"
        }
    }
}

extension String {
    fileprivate var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() }

    /// Dates that no line ends in: with a word joiner behind each of their hyphens.
    fileprivate var withWholeDates: String { replacing(/(\d{4}-)(\d{2}-)(\d{2})/) { "\($0.1)\u{2060}\($0.2)\u{2060}\($0.3)" } }
}

/// A time, with its age beside it.
struct Moment {
    let iso: String
    let time: String
    let age: String

    init(_ instant: Instant, _ speech: Speech) {
        iso = instant.iso8601
        time = speech.time(instant)
        age = speech.age(instant)
    }
}
