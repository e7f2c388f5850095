package import BackupModel
import GRDB

extension RunHistory {
    /// Says of every run whose process ended without a word that it did.
    /// - Returns: those that were found dead now.
    @discardableResult
    package func buryDead(at now: Instant) async throws -> [RunRecord] {
        let open = try await read { try String.fetchAll($0, sql: "SELECT record FROM run WHERE underWay AND record IS NOT NULL") }
            .compactMap { RunRecord(json: $0) }
        var dead: [RunRecord] = []
        for run in open where isDead(run, at: now) {
            // It may have ended between the two looks.
            guard try await self.run(run.id)?.isUnderWay == true else { continue }
            let buried = run.buried
            try await save(buried)
            dead.append(buried)
        }
        return dead
    }

    /// Its lock tells it; where it could not write a log, its process does, and of another machine's only time.
    nonisolated func isDead(_ run: RunRecord, at now: Instant) -> Bool {
        switch logs.holding(run.id) {
        case .held: false
        case .free: true
        case .absent where run.host == context.host: ProcessLife(id: run.process).isGone(since: run.startedAt)
        case .absent: now - run.startedAt > .seconds(7 * 86_400)
        }
    }

    /// Deletes records and logs that are too old. What the counters have counted, they keep.
    package func retire(recordsBefore records: Instant, logsBefore bound: Instant) async throws {
        try logs.retire(before: bound)
        let yesterday = context.now() + .seconds(-86_400)
        try await write { database in
            // Whoever had read of a run that was withdrawn has heard of that by now. The last change stays: its number must not come again.
            try database.execute(
                sql: "DELETE FROM run WHERE record IS NULL AND startedAt < ? AND changed < (SELECT max(changed) FROM run)",
                arguments: [yesterday.millisecondsSinceEpoch])
            let arguments: StatementArguments = ["bound": records.millisecondsSinceEpoch]
            let sql = "SELECT EXISTS (SELECT 1 FROM outcome WHERE startedAt < :bound AND state <> 'under way')"
            if try Bool.fetchOne(database, sql: sql, arguments: arguments) == true {
                try database.execute(sql: Self.tallyStatement, arguments: arguments)
                try database.execute(sql: "DELETE FROM outcome WHERE startedAt < :bound AND state <> 'under way'", arguments: arguments)
            }
            try database.execute(
                sql: "DELETE FROM run WHERE startedAt < :bound AND NOT underWay AND changed < (SELECT max(changed) FROM run)",
                arguments: arguments)
        }
    }

    private static let tallyStatement = """
        INSERT INTO tally
        SELECT target, max(lastAttempt), max(lastSuccess), max(lastPassed), max(lastFailed), sum(succeeded), sum(failed)
        FROM (
            SELECT target, max(CASE WHEN isBackup THEN startedAt END) AS lastAttempt,
                max(CASE WHEN isBackup AND state = 'succeeded' THEN finishedAt END) AS lastSuccess,
                max(CASE WHEN verified THEN finishedAt END) AS lastPassed,
                max(CASE WHEN NOT verified THEN finishedAt END) AS lastFailed,
                sum(isBackup AND state = 'succeeded') AS succeeded, sum(isBackup AND state = 'failed') AS failed
            FROM outcome WHERE startedAt < :bound AND state <> 'under way' GROUP BY target
            UNION ALL SELECT * FROM tally)
        WHERE TRUE GROUP BY target
        ON CONFLICT (target) DO UPDATE SET
            lastAttempt = excluded.lastAttempt, lastSuccess = excluded.lastSuccess, lastPassed = excluded.lastPassed,
            lastFailed = excluded.lastFailed, succeeded = excluded.succeeded, failed = excluded.failed
        """
}

extension RunRecord {
    /// The record of a run whose process is gone.
    package var buried: RunRecord {
        let failure = RunFailure(
            code: .failed, message: "\(RunFailure.deathWords): killed, out of memory, or the machine went down",
            hint: "See what the system says of that time: `journalctl -k`, `docker inspect`. What it left behind, the next backup removes.",
            kind: FailureKind(isDeath: true))
        var buried = self
        buried.failure = failure
        for place in buried.outcomes.indices {
            buried.outcomes[place].succeeded = false
            buried.outcomes[place].failure = failure
        }
        return buried
    }
}
