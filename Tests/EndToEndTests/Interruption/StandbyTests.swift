import BackupTestKit
import DumpFormat
import Testing

@Suite("A primary changes tables while its standby is backed up")
struct StandbyTests {
    @Test(
        "a standby that lets the backup go first: the table is in it as it was, or there is no backup",
        arguments: ["TRUNCATE calls", "DROP TABLE agents"])
    func patient(change: String) async throws {
        try await duringBackup(of: "-1", change: change) { primary, admin, outcome in
            let whole = try await admin.wholeLooking()
            if outcome.status == 0 {
                try await primary.createDatabase("copy")
                try await primary.restorePlainly(try await admin.newestDump(of: "calls"), into: "copy")
                let counts = try await primary.psql("SELECT (SELECT count(*) FROM calls), (SELECT count(*) FROM agents)", database: "copy")
                #expect(counts == "10240|100")
            } else {
                #expect(outcome.status == 1 && outcome.errors.lowercased().contains("lock"), "\(outcome)")
                #expect(whole == [])
            }
        }
    }

    @Test("a standby that does not wait: the backup fails, says so, and leaves nothing that looks like one")
    func impatient() async throws {
        try await duringBackup(of: "0", change: "TRUNCATE agents") { _, admin, outcome in
            #expect(outcome.status == 1, "\(outcome)")
            // Which of the sessions notices first is open: rows, locks or pg_dump, of whose long complaint only the end is told.
            let said = ["recovery", "cannot be trusted", "closed the connection", "terminated abnormally", "broke", "pg_dump failed"]
            #expect(said.contains { outcome.errors.contains($0) }, "\(outcome.errors)")
            let whole = try await admin.wholeLooking()
            #expect(whole == [])
        }
    }

    /// Takes a backup of a standby that halts in the middle of its rows; the primary's change has reached the standby when it goes on.
    private func duringBackup(
        of delay: String, change: String, _ check: (PostgresServer, AdminProgram, Command.Outcome) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withPostgres(version: 15) { primary in
            try await primary.createDatabase("calls")
            try await primary.loadCalls(into: "calls", mebibytes: 10)
            try await withStandby(of: primary, settings: ["max_standby_streaming_delay": delay]) { standby in
                try await standby.psql(Self.reached(try await primary.psql("SELECT pg_current_wal_lsn()")))
                try await withAdmin(standby) { admin in
                    try await withFaultProxy(to: standby.port, .stall(afterBytes: 3_000_000)) { proxy in
                        var command = admin.command(through: proxy, "db", "backup", "--database", "calls", "--jobs", "1")
                        // The primary's change waits for us, and pg_dump's own locks wait behind it.
                        command.environment["BACKUP_LOCK_TIMEOUT"] = "1s"
                        let outcome = try await command.outcome { _ in
                            await proxy.reached(3_000_000)
                            try await primary.psql(change, database: "calls")
                            let lsn = try await primary.psql("SELECT pg_current_wal_lsn()")
                            try await standby.psql(delay == "0" ? Self.reached(lsn) : Self.received(lsn))
                            proxy.resume()
                        }
                        try await check(primary, admin, outcome)
                    }
                }
            }
        }
    }

    private static func reached(_ lsn: String) -> String { waiting(until: "pg_last_wal_replay_lsn() >= '\(lsn)'") }

    private static func received(_ lsn: String) -> String { waiting(until: "pg_last_wal_receive_lsn() >= '\(lsn)'") }

    private static func waiting(until condition: String) -> String {
        "SET statement_timeout = '120s'; DO $$ BEGIN WHILE NOT \(condition) LOOP PERFORM pg_sleep(0.05); END LOOP; END $$"
    }
}
