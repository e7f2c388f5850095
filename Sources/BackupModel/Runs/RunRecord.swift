/// One run of the program as the history keeps it: what it was to do, when, and what came of it.
package struct RunRecord: Sendable, Equatable, Codable, Identifiable {
    /// Unique across hosts and time.
    package var id: String
    package var kind: Kind
    package var trigger: Trigger
    /// The moment of the schedule it stands for; nil for a run somebody asked for.
    package var slot: Instant?
    package var host: String
    package var process: Int32
    package var startedAt: Instant
    /// Nil while it is under way, and for ever where its process died.
    package var finishedAt: Instant?
    /// One for each target the run was to save or check.
    package var outcomes: [TargetOutcome]
    /// What a backup came to, or what was checked.
    package var point: RecoveryPointID?
    package var failure: RunFailure?

    package init(
        id: String, kind: Kind, trigger: Trigger, slot: Instant? = nil, host: String, process: Int32, startedAt: Instant,
        finishedAt: Instant? = nil, outcomes: [TargetOutcome] = [], point: RecoveryPointID? = nil, failure: RunFailure? = nil
    ) {
        self.id = id
        self.kind = kind
        self.trigger = trigger
        self.slot = slot
        self.host = host
        self.process = process
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.outcomes = outcomes
        self.point = point
        self.failure = failure
    }

    /// Nil while it is under way.
    package var duration: Duration? { finishedAt.map { $0 - startedAt } }

    /// Neither ended nor known to be dead: of a run whose process died, `failure` says so and `finishedAt` stays nil.
    package var isUnderWay: Bool { finishedAt == nil && failure == nil }

    /// Sorts by time, and may be the name of a file: `20260214T020000Z-1f0c9a2b`.
    package static func newID(at instant: Instant) -> String {
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        return "\(RecoveryPointID(at: instant))-" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension RunRecord {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case backup, verification, reverification, pruning, sync
    }

    package enum Trigger: String, Sendable, Codable, CaseIterable {
        case schedule
        /// For a slot that was missed while nobody was there to run it.
        case catchUp = "catch-up"
        /// After a failure.
        case retry
        /// Somebody asked for it.
        case person
    }
}
