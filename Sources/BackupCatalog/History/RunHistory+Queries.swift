package import BackupModel
import GRDB

extension RunHistory {
    /// How far clocks of hosts that share a history may differ. What a clock that was wrong dated later than that is passed over until its time
    /// comes: it would hide every run after it.
    private static let clockTolerance: Duration = .seconds(300)

    private var horizon: Int64 { (context.now() + Self.clockTolerance).millisecondsSinceEpoch }

    /// Newest first.
    package func runs(limit: Int? = nil, since bound: Instant? = nil) async throws -> [RunRecord] {
        try await read { [horizon] database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT record FROM run WHERE startedAt >= ? AND startedAt <= ? AND record IS NOT NULL
                    ORDER BY startedAt DESC, id DESC LIMIT ?
                    """,
                arguments: [bound?.millisecondsSinceEpoch ?? .min, horizon, limit ?? -1])
        }.compactMap { RunRecord(json: $0) }
    }

    package func run(_ id: String) async throws -> RunRecord? {
        try await read { try String.fetchOne($0, sql: "SELECT record FROM run WHERE id = ?", arguments: [id]) }
            .flatMap { RunRecord(json: $0) }
    }

    /// What the whole history says of each target it knows.
    package func targets() async throws -> [BackupTarget: TargetHistory] {
        try await read { [horizon] database in
            var targets: [BackupTarget: TargetHistory] = [:]
            for target in BackupTarget.allCases {
                let row = try Row.fetchOne(database, sql: Self.targetQuery, arguments: ["target": target.rawValue, "horizon": horizon])
                targets[target] = row.flatMap { TargetHistory($0) }
            }
            return targets
        }
    }

    /// Each of them is one look into an index, but for the counts.
    static let targetQuery = """
        SELECT max(lastAttempt) AS lastAttempt, max(lastSuccess) AS lastSuccess, max(lastPassed) AS lastPassed,
               max(lastFailed) AS lastFailed, sum(succeeded) AS succeeded, sum(failed) AS failed
        FROM (
            SELECT :target AS target,
                (SELECT max(startedAt) FROM outcome WHERE target = :target AND isBackup = 1 AND startedAt <= :horizon) AS lastAttempt,
                (SELECT max(finishedAt) FROM outcome WHERE target = :target AND isBackup = 1 AND state = 'succeeded'
                    AND finishedAt <= :horizon) AS lastSuccess,
                (SELECT max(finishedAt) FROM outcome WHERE target = :target AND verified = 1 AND finishedAt <= :horizon) AS lastPassed,
                (SELECT max(finishedAt) FROM outcome WHERE target = :target AND verified = 0 AND finishedAt <= :horizon) AS lastFailed,
                (SELECT count(*) FROM outcome WHERE target = :target AND isBackup = 1 AND state = 'succeeded') AS succeeded,
                (SELECT count(*) FROM outcome WHERE target = :target AND isBackup = 1 AND state = 'failed') AS failed
            UNION ALL SELECT * FROM tally WHERE target = :target)
        """
}

extension TargetHistory {
    /// Nil for a target the history knows nothing of.
    fileprivate init?(_ row: Row) {
        func instant(_ column: String) -> Instant? { (row[column] as Int64?).map(Instant.init(millisecondsSinceEpoch:)) }
        let (passed, failed) = (instant("lastPassed"), instant("lastFailed"))
        guard instant("lastAttempt") ?? passed ?? failed != nil else { return nil }
        self.init(
            lastAttempt: instant("lastAttempt"), lastSuccess: instant("lastSuccess"), lastVerified: passed,
            failedVerification: failed.map { failed in passed.map { $0 < failed } ?? true } ?? false, succeeded: row["succeeded"],
            failed: row["failed"])
    }
}

extension RunHistory {
    /// Where somebody who keeps records in memory has read up to.
    package struct Mark: Sendable, Equatable {
        fileprivate var era: Int64
        fileprivate var changed: Int64
    }

    package struct Changes: Sendable {
        /// Whether everything known before is void.
        package var isWhole: Bool
        package var runs: [RunRecord]
        package var withdrawn: [String]
        package var mark: Mark
    }

    /// The records that changed since `mark`; nil: all. Asked often, it costs next to nothing where nothing has.
    /// - Parameter bound: those of runs that were begun before are left out.
    package func changes(since mark: Mark?, begunAfter bound: Instant) async throws -> Changes {
        let (now, rows) = try await read { [horizon] database in
            let now = Mark(
                era: try Int64.fetchOne(database, sql: "SELECT id FROM era") ?? 0,
                changed: try Int64.fetchOne(database, sql: "SELECT max(changed) FROM run") ?? 0)
            // By what changed, not by when it began: that is what the plus sign says.
            let rows = try Row.fetchAll(
                database, sql: "SELECT id, record FROM run WHERE changed > ? AND +startedAt >= ? AND +startedAt <= ?",
                arguments: [mark?.era == now.era ? mark?.changed ?? 0 : 0, bound.millisecondsSinceEpoch, horizon]
            ).map { (id: $0["id"] as String, record: $0["record"] as String?) }
            return (now, rows)
        }
        return Changes(
            isWhole: mark?.era != now.era, runs: rows.compactMap { $0.record.flatMap { RunRecord(json: $0) } },
            withdrawn: rows.filter { $0.record == nil }.map(\.id), mark: now)
    }
}
