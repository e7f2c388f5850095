import BackupModel
import BackupReports

/// `/api/runs`: those of the last ninety days, newest first.
struct RunsAnswer: Encodable {
    let now: Instant
    let runs: [RunSummary]

    private static let mostRuns = 10_000

    /// - Throws: a `Problem` for a query that means nothing.
    init(_ facts: ServiceFacts, query: Query) throws {
        let kind: RunRecord.Kind? = try query.choice("kind")
        let limit = try query.number("limit", in: 1...Self.mostRuns, otherwise: 100)
        now = facts.now
        runs = facts.allRuns.lazy.filter { kind == nil || $0.kind == kind }.prefix(limit).map { RunSummary($0) }
    }
}

/// `/api/runs/{id}`: one of them, with the end of its log.
struct RunAnswer: Encodable {
    let run: RunSummary
    let log: [RunLogLine]

    /// - Throws: a `Problem` where there is no such run, `BackupError` where its log cannot be read.
    init(_ facts: ServiceFacts, id: String, _ logs: any RunLogReader, query: Query) async throws {
        let limit = try query.number("lines", in: 0...10_000, otherwise: 500)
        guard let record = facts.run(id) else { throw Problem.noRun(id) }
        run = RunSummary(record)
        log = try await logs.lines(of: id, last: limit)
    }
}

/// A run, and what came of it in one word.
struct RunSummary: Encodable {
    let id: String
    let kind: RunRecord.Kind
    let trigger: RunRecord.Trigger
    let state: RunState
    let slot: Instant?
    let host: String
    let startedAt: Instant
    let finishedAt: Instant?
    let durationSeconds: Double?
    let point: RecoveryPointID?
    let outcomes: [TargetOutcome]
    let failure: RunFailure?

    init(_ record: RunRecord) {
        id = record.id
        kind = record.kind
        trigger = record.trigger
        state = RunState(record)
        slot = record.slot
        host = record.host
        startedAt = record.startedAt
        finishedAt = record.finishedAt
        durationSeconds = record.duration?.inSeconds
        point = record.point
        outcomes = record.outcomes
        failure = record.failure
    }
}

/// What became of a run.
enum RunState: String, Encodable, CaseIterable {
    case running, succeeded, failed
    /// Its process died, and nobody could write down how it ended.
    case lost

    init(_ record: RunRecord) {
        switch (record.finishedAt, record.failure) {
        case (nil, nil): self = .running
        case (nil, _): self = .lost
        default: self = record.failure == nil && record.outcomes.allSatisfy(\.succeeded) ? .succeeded : .failed
        }
    }
}

extension ServiceFacts {
    /// The one under way included, which the history may not have yet.
    var allRuns: [RunRecord] {
        guard let record = current?.record, !runs.contains(where: { $0.id == record.id }) else { return runs }
        return [record] + runs
    }

    func run(_ id: String) -> RunRecord? { allRuns.first { $0.id == id } }
}
