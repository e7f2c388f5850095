package import BackupModel

/// The dead man's switch: whoever listens calls when it stays silent.
package struct Heartbeat: Sendable, Equatable, Codable {
    package var run: String
    package var succeeded: Bool
    package var at: Instant
    /// Why not; one line.
    package var failure: String?
}

extension Heartbeat {
    /// How old an end may be that is told the first time the service looks: an old success is none any more.
    private static let news = Duration.seconds(3600)

    /// Of the newest backup that ended, unless it was told before. A whole one of only a part of the targets is no sign that all is well.
    /// - Parameter last: the run that was told last; nil where none was.
    init?(_ facts: ServiceFacts, after last: String?) {
        guard let run = Self.newest(facts), run.id != last else { return nil }
        let end = run.finishedAt ?? run.startedAt
        guard last != nil || facts.now - end < Self.news else { return nil }
        let failed = run.failure != nil && !run.isWhole(facts.targets)
        guard failed || run.isWhole(facts.targets) else { return nil }
        self.init(run: run.id, succeeded: !failed, at: end, failure: failed ? run.failure?.message : nil)
    }

    /// The run that is to be told now, if it was not.
    package static func newest(_ facts: ServiceFacts) -> RunRecord? {
        facts.runs.first { $0.kind == .backup && !$0.isUnderWay && $0.failure?.code != .lockHeld && !$0.endedWithService }
    }
}

extension RunRecord {
    fileprivate func isWhole(_ targets: [BackupTarget]) -> Bool { targets.allSatisfy { outcome(of: $0)?.succeeded == true } }
}
