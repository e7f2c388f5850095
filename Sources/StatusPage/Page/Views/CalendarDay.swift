import BackupCatalog
import BackupModel
import BackupReports

/// What became of one day, in UTC.
struct CalendarDay: Equatable {
    /// Its first moment.
    let begin: Instant
    let state: State
    /// The last backup run that failed on it.
    let failedRun: String?

    enum State: String, CaseIterable {
        /// A backup of it was restored and found equal.
        case proved
        case stored
        case failed
        case missing
        /// Nothing was due, or is yet.
        case idle

        var words: Bilingual {
            switch self {
            case .proved: Bilingual("proved", "проверена восстановлением")
            case .stored: Bilingual("stored", "сохранена")
            case .failed: Bilingual("failed", "ошибка")
            case .missing: Bilingual("missing", "пропущена")
            case .idle: Bilingual("nothing due", "не требовалась")
            }
        }
    }

    static let length = Duration.seconds(86_400)

    static func begin(of instant: Instant) -> Instant {
        Instant(secondsSinceEpoch: instant.millisecondsSinceEpoch / 86_400_000 * 86_400)
    }

    /// 0 is Monday; the epoch was a Thursday.
    var weekday: Int { Int((begin.millisecondsSinceEpoch / 86_400_000 + 3) % 7) }

    var end: Instant { begin + Self.length }
}

/// The last ninety days, oldest first: from the backups that are there, and for those that retention has removed from the history.
struct CalendarDays {
    static let count: Int64 = 90

    let facts: ServiceFacts

    var days: [CalendarDay] {
        let last = CalendarDay.begin(of: facts.now)
        let points = Dictionary(grouping: facts.points) { CalendarDay.begin(of: $0.manifest.startedAt) }
        let ends = facts.runs.compactMap { BackupEnd($0) }
        let runs = Dictionary(grouping: ends) { CalendarDay.begin(of: $0.startedAt) }
        let proved = Set(facts.runs.lazy.filter { $0.provesItsPoint }.compactMap { $0.point })
        let times = (facts.points.map(\.manifest.startedAt) + ends.compactMap { $0.hasSucceeded ? $0.startedAt : nil }).sorted()
        let first = min(times.first ?? facts.now, facts.runs.last?.startedAt ?? facts.now)
        return (0..<Self.count).reversed().map { ago in
            let begin = last + .seconds(-86_400 * ago)
            let failed = (runs[begin] ?? []).filter { $0.hasFailed }
            var state = state(points[begin] ?? [], runs[begin] ?? [], proved, hasFailure: !failed.isEmpty)
            if state == .idle, begin + CalendarDay.length > first, wasDue(begin + CalendarDay.length, times) { state = .missing }
            return CalendarDay(begin: begin, state: state, failedRun: failed.first?.id)
        }
    }

    private func state(
        _ points: [RecoveryPoint], _ runs: [BackupEnd], _ proved: Set<RecoveryPointID>, hasFailure: Bool
    ) -> CalendarDay.State {
        let stored = runs.filter { $0.hasSucceeded }
        if points.contains(where: { [.verified, .restored].contains($0.condition) }) { return .proved }
        // What is there speaks for itself; what is gone is remembered by the history.
        let known = Set(points.map(\.id))
        if stored.contains(where: { run in run.point.map { proved.contains($0) && !known.contains($0) } ?? false }) { return .proved }
        if points.contains(where: \.isSound) || stored.contains(where: { run in run.point.map { !known.contains($0) } ?? true }) {
            return .stored
        }
        return hasFailure || !points.isEmpty ? .failed : .idle
    }

    /// Whether a backup should have been there at the end of a day, going by the schedule's longest pause.
    private func wasDue(_ end: Instant, _ times: [Instant]) -> Bool {
        guard let last = times.last(where: { $0 < end }) else { return false }
        return min(end, facts.now) - last > facts.schedule.interval + facts.schedule.grace
    }
}

/// What the calendar asks of a backup run: there are thousands of them, and a whole record is much to carry about.
private struct BackupEnd {
    let id: String
    let startedAt: Instant
    let point: RecoveryPointID?
    let hasSucceeded: Bool
    let hasFailed: Bool

    /// Nil for a run of another kind.
    init?(_ run: RunRecord) {
        guard run.kind == .backup else { return nil }
        (id, startedAt, point) = (run.id, run.startedAt, run.point)
        hasSucceeded = run.hasSucceeded
        hasFailed = run.hasFailed
    }
}

extension RunRecord {
    var hasSucceeded: Bool { kind == .backup && finishedAt != nil && failure == nil && outcomes.allSatisfy(\.succeeded) }

    fileprivate var provesItsPoint: Bool {
        guard finishedAt != nil, failure == nil, !outcomes.isEmpty else { return false }
        switch kind {
        case .verification, .reverification: return outcomes.allSatisfy(\.succeeded)
        case .backup: return outcomes.allSatisfy { $0.verified == true }
        case .pruning, .sync: return false
        }
    }

    fileprivate var hasFailed: Bool { [.failed, .lost].contains(RunState(self)) }
}
