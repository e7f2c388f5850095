import BackupModel

/// When the doctor is to look: after a run that failed, when something else becomes critical, when something he had found the cause of is over, as
/// nobody wants to read of it any more, and now and then, as not everything it sees is told by health.
package struct ExaminationNeed: Sendable {
    private var last: Instant?
    /// What was critical then.
    private var known: Set<String> = []

    /// Between two looks for no reason.
    package static let interval = Duration.seconds(900)

    package init() {}

    /// - Returns: whether it is to look now; it is taken to do so then.
    package mutating func arises(from facts: ServiceFacts) -> Bool {
        guard facts.isComplete else { return false }
        let seen = [last, facts.examination?.at].compactMap { $0 }.max()
        let critical = Health(facts).reasons.filter { $0.severity == .critical }
        let news = critical.filter { !known.contains(Self.key($0)) && facts.examination?.cause(of: $0) == nil }
        let now = Set(critical.map(Self.key))
        let isMended = !known.isSubset(of: now) && facts.examination?.causes.isEmpty == false
        known = now
        // A clock that was put back does not make anybody wait for it.
        let isDue = seen.map { facts.now - $0 >= Self.interval || facts.now < $0 || facts.hasFailed(since: $0) } ?? true
        // A backup that has succeeded is what many a finding waits for.
        let isAnswered = facts.examination?.causes.isEmpty == false && seen.map { facts.hasSucceeded(since: $0) } == true
        guard isDue || isMended || isAnswered || !news.isEmpty else { return false }
        last = facts.now
        return true
    }

    private static func key(_ reason: Reason) -> String { "\(reason.code.rawValue) \(reason.target?.rawValue ?? "")" }
}

extension ServiceFacts {
    /// Whether a backup has ended well after that.
    fileprivate func hasSucceeded(since instant: Instant) -> Bool {
        runs.contains { $0.kind == .backup && $0.failure == nil && $0.finishedAt.map { $0 > instant } ?? false }
    }

    /// Whether a run has ended with a failure after that; one that met another run at work was none.
    fileprivate func hasFailed(since instant: Instant) -> Bool {
        let newest = runs.first { $0.failure != nil && $0.failure?.code != .lockHeld && !$0.isUnderWay }
        return newest.flatMap(\.finishedAt).map { $0 > instant } ?? false
    }
}
