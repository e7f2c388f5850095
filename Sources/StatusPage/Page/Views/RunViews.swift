import BackupModel
import BackupReports

/// The run under way.
struct RunningView {
    let id: String
    let kind: String
    let phase: String
    let begun: Moment
    let moved: String
    /// Nil while nobody knows how far it is.
    let fraction: String?
    let percent: String?
    /// Nil where nothing has moved yet.
    let amount: String?
    let remaining: String?

    init?(_ facts: ServiceFacts, _ speech: Speech) {
        guard let run = facts.current else { return nil }
        id = run.record.id
        kind = speech(run.record.kind.words)
        phase = speech(PhaseWords.words(run.phase))
        begun = Moment(run.record.startedAt, speech)
        moved = speech.age(run.lastMoved)
        let share = run.fraction.map { min(1, max(0, $0)) }
        fraction = share.map { "\(Double(Int($0 * 1000)) / 1000)" }
        percent = share.map { speech.percent(Int($0 * 100)) }
        let figures = [run.bytes > 0 ? speech.size(run.bytes) : nil, run.rate.map(speech.rate)].compactMap { $0 }
        amount = figures.isEmpty ? nil : figures.joined(separator: " · ")
        remaining = run.remaining.map(speech.briefly)
    }
}

/// A line of the list of runs.
struct RunRow {
    let id: String
    let moment: Moment
    let kind: String
    let trigger: String
    let mark: String
    let state: String
    let failure: SaidView?
    let took: String
    let size: String

    init(_ record: RunRecord, _ speech: Speech) {
        let state = RunState(record)
        id = record.id
        moment = Moment(record.startedAt, speech)
        kind = speech(record.kind.words)
        trigger = speech(record.trigger.words)
        (mark, self.state) = record.softEnd.map { ("warn", speech($0)) } ?? (state.mark, speech(state.words))
        failure = record.whyItFailed.map { SaidView($0, speech) }
        took = record.duration.map(speech.precisely) ?? "—"
        let bytes = record.outcomes.reduce(0) { $0 + $1.bytes }
        size = bytes > 0 ? speech.size(bytes) : "—"
    }
}

extension RunRecord {
    /// How it ended where it did not succeed and nothing failed: the backup is kept, and doubted; or whoever had begun it ended it. Nil for any other end.
    fileprivate var softEnd: Bilingual? {
        guard let failure, finishedAt != nil else { return nil }
        if failure.code == .suspicious, outcomes.allSatisfy(\.succeeded) { return Bilingual("doubted", "под сомнением") }
        return failure.isCalledOff ? Bilingual("called off", "прерван") : nil
    }

    /// Its own failure, else that of the first target that failed.
    var whyItFailed: RunFailure? { failure ?? outcomes.compactMap(\.failure).first }
}

/// A run as its own page shows it.
struct RunView {
    let row: RunRow
    let ended: Moment?
    let host: String
    let point: String?
    let targets: [TargetView]
    let message: SaidView?
    let hint: HelpView?
    let others: [SaidView]
    let log: [LogView]

    struct TargetView {
        let name: String
        let mark: String
        let text: String
        let failure: SaidView?
    }

    struct LogView {
        let iso: String
        let clock: String
        let kind: String
        let text: String
    }

    init(_ record: RunRecord, _ lines: [RunLogLine], _ speech: Speech) {
        row = RunRow(record, speech)
        ended = record.finishedAt.map { Moment($0, speech) }
        host = record.host
        point = record.point?.description
        targets = record.outcomes.map { TargetView($0, speech) }
        let failure = record.whyItFailed
        message = failure.map { SaidView($0, speech) }
        hint = HelpView(failure, speech)
        others = (failure?.others ?? []).map { SaidView(program: $0, speech) }
        log = lines.map { LogView(iso: $0.at.iso8601, clock: speech.clock($0.at), kind: $0.kind.rawValue, text: $0.text) }
    }
}

extension RunView.TargetView {
    init(_ outcome: TargetOutcome, _ speech: Speech) {
        name = outcome.target == .postgres ? "PostgreSQL" : "Redis"
        mark = outcome.succeeded ? "good" : "bad"
        let noun = outcome.target == .postgres ? Noun.row : .key
        let figures = [outcome.bytes > 0 ? speech.size(outcome.bytes) : nil, outcome.rows.map { speech.counted($0, noun) }].compactMap {
            $0
        }
        let state = speech((outcome.succeeded ? RunState.succeeded : .failed).words)
        text = figures.isEmpty ? state : figures.joined(separator: " · ")
        failure = outcome.failure.map { SaidView($0, speech) }
    }
}
