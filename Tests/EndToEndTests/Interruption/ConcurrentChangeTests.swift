import BackupTestKit
import Testing

@Suite("Others change the database meanwhile")
struct ConcurrentChangeTests {
    @Test(
        "a table that is being read can be neither dropped, altered nor truncated, and comes back whole",
        arguments: ["DROP TABLE calls", "ALTER TABLE calls ADD COLUMN late int", "TRUNCATE agents"])
    func locksHold(change: String) async throws {
        try await duringBackup { server, database in
            let refused = try await server.command("psql", ["-d", database, "-c", "SET lock_timeout = '200ms'", "-c", change]).outcome()
            #expect(refused.errors.contains("canceling statement due to lock timeout"))
        } restored: { server, copy in
            let counts = try await server.psql("SELECT (SELECT count(*) FROM calls), (SELECT count(*) FROM agents)", database: copy)
            #expect(counts == "10240|100")
        }
    }

    @Test("what is committed after the snapshot is not in it, in no table")
    func oneSnapshot() async throws {
        try await duringBackup { server, database in
            try await server.psql(
                "UPDATE agents SET balance = balance - 50; UPDATE teams SET balance = balance + 50; DELETE FROM calls WHERE id > 5000;"
                    + " CREATE TABLE late (a int);", database: database)
        } restored: { server, copy in
            let sums = try await server.psql(
                "SELECT (SELECT sum(balance) FROM agents), (SELECT sum(balance) FROM teams), (SELECT count(*) FROM calls), to_regclass('late')",
                database: copy)
            #expect(sums == "10000|10000|10240|")
        }
    }

    @Test("a lock held by someone else ends the wait with the name of the table")
    func lockedTable() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 1)
            try await withAdmin(server) { admin in
                let held = "BEGIN; LOCK TABLE teams IN ACCESS EXCLUSIVE MODE; SELECT pg_advisory_lock(7); SELECT pg_sleep(600);"
                _ = try await server.command("psql", ["-X", "-d", database, "-c", held]).outcome { holder in
                    // Other tests' backups have advisory locks on this server, too.
                    try await server.psql(
                        """
                        DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND granted AND database =
                            (SELECT oid FROM pg_database WHERE datname = current_database())) LOOP PERFORM pg_sleep(0.05); END LOOP; END $$
                        """, database: database)
                    var command = admin.command("db", "backup", "--database", database)
                    command.environment["BACKUP_LOCK_TIMEOUT"] = "1s"
                    let outcome = try await command.outcome()
                    #expect(outcome.status == 1, "\(outcome)")
                    #expect(outcome.errors.contains("teams"))
                    let entries = try await admin.entries()
                    #expect(entries == [])
                    try holder.send(.terminate)
                }
            }
        }
    }

    /// Takes a backup that halts in the middle of its rows while `meanwhile` runs, then restores it by psql.
    private func duringBackup(
        _ meanwhile: (PostgresServer, _ database: String) async throws -> Void,
        restored: (PostgresServer, _ copy: String) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 10)
            try await withAdmin(server) { admin in
                try await withFaultProxy(to: server.port, .stall(afterBytes: 3_000_000)) { proxy in
                    let outcome = try await admin.command(through: proxy, "db", "backup", "--database", database).outcome { _ in
                        await proxy.reached(3_000_000)
                        try await meanwhile(server, database)
                        proxy.resume()
                    }
                    #expect(outcome.status == 0, "\(outcome.errors)")
                }
                let dump = try await admin.newestDump(of: database)
                try await withDatabase { server, copy in
                    try await server.restorePlainly(dump, into: copy)
                    try await restored(server, copy)
                }
            }
        }
    }
}
