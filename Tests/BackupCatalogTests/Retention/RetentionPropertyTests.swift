import BackupModel
import Testing

@testable import BackupCatalog

@Suite("Retention over random histories")
struct RetentionPropertyTests {
    /// Ten thousand in all, in parts that may run at the same time.
    @Test("Never the last verified ones, never what a rule keeps, never twice, never by the order of a listing", arguments: 0..<20)
    func histories(part: Int) {
        var removals = 0
        for seed in part * 500..<(part + 1) * 500 {
            let history = History(seed: UInt64(seed) + 1)
            let retention = Retention(history.policy, now: history.now, acceptsGaps: history.acceptsGaps)
            let plan = retention.plan(history.candidates, unreadable: history.unreadable)
            let removed = Set(plan.removed)
            removals += removed.count
            #expect(plan.decisions.count == history.candidates.count && plan.decisions.allSatisfy { !$0.reasons.isEmpty }, "\(seed)")
            #expect(retention.plan(history.candidates.reversed(), unreadable: history.unreadable) == plan, "\(seed)")
            let left = history.candidates.filter { !removed.contains($0.id) }
            #expect(retention.plan(left, unreadable: history.unreadable).removed.isEmpty, "\(seed)")
            if let broken = Self.broken(history, removed) { Issue.record("history \(seed): \(broken)") }
        }
        #expect(removals > 100)
    }

    @Test("The histories have every zone they name, and clocks that are put forward and back")
    func zones() {
        #expect(HistoryClocks.all.map(\.zone.name) == HistoryClocks.names)
        for clocks in HistoryClocks.all {
            let stands = ["UTC", "Asia/Kathmandu"].contains(clocks.zone.name)
            #expect(clocks.changes.isEmpty == stands, "\(clocks.zone)")
        }
    }

    /// The promise that was broken, worked out in another way than the code does.
    private static func broken(_ history: History, _ removed: Set<RecoveryPointID>) -> String? {
        let (policy, all) = (history.policy, history.candidates)
        func isGone(_ candidate: RetentionCandidate) -> Bool { removed.contains(candidate.id) }
        if !removed.isEmpty, all.contains(where: { $0.isSuspicious || $0.takenAt > history.now + .seconds(3600) }) {
            return "it was frozen"
        }
        if !removed.isEmpty, !history.unreadable.isEmpty { return "nobody knows what else is there" }
        if all.contains(where: { $0.doubt != nil && isGone($0) }) { return "a doubted one is gone" }
        if all.contains(where: { $0.pin != nil && isGone($0) }) { return "a pinned one is gone" }
        if let days = policy.days, all.contains(where: { isGone($0) && history.now < $0.takenAt + .seconds(86_400 * days) }) {
            return "too young"
        }
        for part in Set(all.flatMap(\.covers)) {
            let last = all.filter { $0.counts && $0.covers.contains(part) }.sorted { $0.takenAt > $1.takenAt }.prefix(policy.minimum)
            if last.contains(where: isGone) { return "one of the last verified of \(part) is gone" }
        }
        for covers in Set(all.map(\.covers)) {
            let counting = all.filter { $0.counts && $0.covers.isSuperset(of: covers) }
            if counting.count < policy.minimum, all.contains(where: { $0.covers == covers && isGone($0) }) { return "below the floor" }
            if hasGap(history, counting), all.contains(where: { $0.covers == covers && isGone($0) }) { return "behind a gap" }
            if keptByRules(policy, counting).contains(where: { $0.covers == covers && isGone($0) }) { return "a rule kept it" }
        }
        return nil
    }

    /// Whether the last ones that have to stay lie farther apart, or farther back, than a clock is trusted for.
    private static func hasGap(_ history: History, _ counting: [RetentionCandidate]) -> Bool {
        guard !history.acceptsGaps else { return false }
        let times = [history.now] + counting.map(\.takenAt).sorted(by: >).prefix(history.policy.minimum)
        return zip(times, times.dropFirst()).contains { later, earlier in earlier + history.policy.clockBound < later }
    }

    private static func keptByRules(_ policy: RetentionPolicy, _ counting: [RetentionCandidate]) -> [RetentionCandidate] {
        keptByCalendar(policy, counting) + keptByAge(policy, counting)
    }

    private static func keptByAge(_ policy: RetentionPolicy, _ counting: [RetentionCandidate]) -> [RetentionCandidate] {
        guard let within = policy.within, let newest = counting.map(\.takenAt).max() else { return [] }
        return counting.filter { newest < $0.takenAt + within }
    }

    /// The newest of each group, and the oldest of all where there are fewer groups than asked for.
    private static func keptByCalendar(_ policy: RetentionPolicy, _ counting: [RetentionCandidate]) -> [RetentionCandidate] {
        func offset(_ candidate: RetentionCandidate) -> Int64 { policy.zone.offset(at: candidate.takenAt) }
        /// What clocks of the zone show, as if they were those of Greenwich.
        func shown(_ candidate: RetentionCandidate) -> Instant { candidate.takenAt + .seconds(offset(candidate)) }
        let rules: [(Int, (RetentionCandidate) -> String)] = [
            (policy.last, { "\($0.id)" }), (policy.hourly, { "\(shown($0).iso8601.prefix(13)) \(offset($0))" }),
            (policy.daily, { String(shown($0).iso8601.prefix(10)) }), (policy.weekly, { "\(week(of: shown($0)))" }),
            (policy.monthly, { String(shown($0).iso8601.prefix(7)) }),
            (policy.yearly, { String(shown($0).iso8601.prefix(4)) }),
        ]
        let oldest = counting.min { $0.takenAt < $1.takenAt }.map { [$0] } ?? []
        return rules.filter { $0.0 > 0 }.flatMap { count, name in
            let groups = Dictionary(grouping: counting, by: name).values.compactMap { $0.max { $0.takenAt < $1.takenAt } }
            let newest = Array(groups.sorted { $0.takenAt > $1.takenAt }.prefix(count))
            return groups.count < count ? newest + oldest : newest
        }
    }

    /// The number of its week, of those that begin on Mondays; 5 January 1970 was one.
    private static func week(of instant: Instant) -> Int64 {
        (instant.millisecondsSinceEpoch - 4 * 86_400_000) / (7 * 86_400_000)
    }
}
