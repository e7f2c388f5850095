import BackupCatalog
import BackupTestKit
import Postgres
import Testing

@Suite("The session that keeps other hosts away breaks while a backup is taken", .timeLimit(.minutes(5)))
struct SourceLockTests {
    @Test("It is opened anew and takes the lock again, and the backup goes on")
    func takenAgain() async throws {
        try await duringBackup { server in
            let lost = try await server.lockHolder()
            try await server.psql("SELECT pg_terminate_backend(\(lost))")
            try await server.wait(until: "EXISTS (SELECT FROM pg_locks WHERE \(Self.isHeld) AND pid <> \(lost))")
        } check: { admin, outcome in
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.errors.contains("the session that keeps other hosts away from this run broke, and is opened again"))
            let manifests = try await admin.manifests()
            #expect(manifests.count == 1)
        }
    }

    @Test("Where another run has the lock by then, the backup is called off and leaves nothing behind")
    func overtaken() async throws {
        try await duringBackup { server in
            let lost = try await server.lockHolder()
            let other = server.command("psql", ["-Xqc", "SELECT pg_advisory_lock(\(AdvisoryLock.key)), pg_sleep(600)", "-d", "calls"])
            _ = try await other.outcome { program in
                try await server.wait(until: "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
                try await server.psql("SELECT pg_terminate_backend(\(lost))")
                try await server.wait(
                    until: "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = 'calls' AND application_name <> 'psql')")
                try program.send(.kill)
            }
        } check: { admin, outcome in
            #expect(outcome.status == 7, "\(outcome)")
            #expect(outcome.errors.contains("another run has the lock in "), "\(outcome.errors)")
            let entries = try await admin.entries()
            #expect(entries.filter { !$0.hasPrefix(".") } == [])
            let runs = try await admin.history.runs()
            #expect(runs == [])
        }
    }

    fileprivate static let isHeld = "locktype = 'advisory' AND granted"

    /// A backup that waits for a table somebody else has locked; when `body` returns, that one lets go.
    private func duringBackup(
        _ body: (PostgresServer) async throws -> Void, check: (AdminProgram, Command.Outcome) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withPostgres { server in
            try await server.createDatabase("calls")
            try await server.loadCalls(into: "calls", mebibytes: 1)
            try await withAdmin(server) { admin in
                _ = try await server.command("psql", ["-Xqc", "BEGIN; LOCK TABLE calls; SELECT pg_sleep(600)", "-d", "calls"]).outcome {
                    _ in
                    let isLocked = "EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND locktype = 'relation' AND granted)"
                    try await server.wait(until: isLocked)
                    var command = admin.command("db", "backup")
                    command.environment.merge(["POSTGRES_DB": "calls", "BACKUP_LOCK_TIMEOUT": "60s"]) { $1 }
                    let outcome = try await command.outcome { _ in
                        try await server.wait(until: "EXISTS (SELECT FROM pg_locks WHERE locktype = 'relation' AND NOT granted)")
                        try await body(server)
                        try await server.psql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'AccessExclusiveLock'")
                    }
                    try await check(admin, outcome)
                }
            }
        }
    }
}

extension PostgresServer {
    fileprivate func lockHolder() async throws -> String { try await psql("SELECT pid FROM pg_locks WHERE \(SourceLockTests.isHeld)") }

    /// Asks the server itself, for two minutes.
    fileprivate func wait(until condition: String) async throws {
        try await psql(
            """
            DO $$ BEGIN
                FOR i IN 1..2400 LOOP
                    IF \(condition) THEN RETURN; END IF;
                    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.05);
                END LOOP;
                RAISE 'it did not come to that: %', $q$\(condition)$q$;
            END $$
            """)
    }
}
