import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, PostgreSQL from inside", .timeLimit(.minutes(10)))
struct PostgresFaultTests {
    @Test("Who may not connect is told so, and let in again all is well")
    func doors() async throws {
        try await withLaboratory { lab in
            let unknown = try await lab.expect(.roleUnknown, ["PGUSER": "nobody_we_know"])
            try await lab.carryOut(unknown, "psql", "rolvaliduntil")
            try await lab.carryOut(unknown, "call-center-admin config check")
            try await lab.postgres.psql("ALTER ROLE backup NOLOGIN")
            try await lab.follow(try await lab.expect(.loginForbidden), choosing: "the right role")
            try await lab.postgres.psql("ALTER ROLE backup VALID UNTIL '2020-01-01'")
            try await lab.follow(
                try await lab.expect(.passwordExpired), choosing: "its time has run out", failing: ["call-center-admin config check"])
            let database = "DATABASE \(Laboratory.database)"
            try await lab.postgres.psql("ALTER \(database) ALLOW_CONNECTIONS false")
            try await lab.carryOut(try await lab.expect(.databaseClosed), "psql", "ALLOW_CONNECTIONS")
            try await lab.postgres.psql("REVOKE CONNECT ON \(database) FROM PUBLIC")
            try await lab.carryOut(try await lab.expect(.connectRevoked), "psql", "GRANT CONNECT")
            try await lab.expectHealth()
            try await prepared(lab)
            try await visibility(lab)
            try await lab.expectHealth()
            try await shuttingDown(lab)
        }
    }

    /// Nobody's session holds its locks: it is rolled back by its name.
    private func prepared(_ lab: Laboratory) async throws {
        let sql = "BEGIN; LOCK TABLE calls; PREPARE TRANSACTION 'it''s \"lost\"'"
        try await lab.postgres.psql(sql, database: Laboratory.database)
        let finding = try await lab.expect(.transactionPrepared)
        #expect(finding?.evidence?.contains("prepared transaction 'it''s \"lost\"' (postgres, ") == true, "\(finding as Any)")
        #expect(finding?.remedy.all.contains { $0.contains("pg_terminate_backend") } == false)
        try await lab.carryOut(finding, "psql", "ROLLBACK PREPARED")
        try await lab.expectHealth()
    }

    /// What this role may not see is no zero.
    private func visibility(_ lab: Laboratory) async throws {
        let holder = lab.postgres.command("psql", ["-X", "-d", Laboratory.database, "-c", "BEGIN; LOCK TABLE calls; SELECT pg_sleep(600)"])
        _ = try await holder.outcome { _ in
            let held = "SELECT count(*) FROM pg_locks WHERE relation = 'calls'::regclass AND mode = 'AccessExclusiveLock' AND granted"
            while try await lab.postgres.psql(held, database: Laboratory.database) == "0" {}
            let hidden = try await lab.expect(.lockerHidden)
            #expect(hidden?.evidence?.contains("since when is not visible to this role") == true, "\(hidden as Any)")
            try await lab.postgres.psql("GRANT pg_read_all_stats TO backup")
            let seen = try await lab.expect(.tableLocked)
            #expect(seen?.evidence?.contains("not visible") == false, "\(seen as Any)")
            try await lab.carryOut(seen, "psql", "pg_terminate_backend")
        }
    }

    /// A smart shutdown waits for the sessions there are, and lets nobody else in.
    private func shuttingDown(_ lab: Laboratory) async throws {
        let holder = lab.postgres.command("psql", ["-X", "-c", "SELECT pg_sleep(600)"])
        _ = try await holder.outcome { _ in
            while try await lab.postgres.psql(Self.sleepers) == "0" {}
            try await lab.postmaster("TERM")
            let bare: [String: String?] = ["BACKUP_MANAGED_BY": "bare"]
            try await lab.wait(for: CatalogueFault.serverShutsDown.expected.code, bare)
            // It never comes to its end by itself, as the commands show.
            try await lab.follow(
                try await lab.expect(.serverShutsDown, bare), choosing: "is shutting down", with: bare, failing: ["pg_isready"])
        }
    }

    /// What asks for them begins with other words.
    private static let sleepers = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%'"

    @Test("A server that is short of connections, cannot archive, or has damaged pages")
    func server() async throws {
        try await withLaboratory(initialization: ["--data-checksums"]) { lab in
            for setting in [
                "max_connections = 60", "archive_mode = on", "archive_command = 'false'", "autovacuum_freeze_max_age = 2000000000",
            ] {
                try await lab.postgres.psql("ALTER SYSTEM SET \(setting)")
            }
            try await lab.postgres.psql("CREATE TABLE damaged AS SELECT n FROM generate_series(1, 1000) n", database: Laboratory.database)
            let file = try await lab.postgres.psql("CHECKPOINT; SELECT pg_relation_filepath('damaged')", database: Laboratory.database)
            try await lab.restartPostgres(
                "dd if=/dev/zero of=\(lab.postgres.dataFolder)/\(file) bs=1 seek=4096 count=512 conv=notrunc status=none")
            try await damaged(lab)
            try await archiver(lab)
            try await lab.expectHealth()
            for (count, fault) in [(52, CatalogueFault.connectionsFew), (57, .connectionsTaken)] {
                try await sessions(lab, count) {
                    let finding = try await lab.expect(fault)
                    for command in finding?.remedy.commands ?? [] { try await lab.does(command) }
                    try await lab.carryOut(finding, "psql", "pg_terminate_backend")
                    // Whoever is told to end takes a moment.
                    while try await lab.postgres.psql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'backup'") != "0" {}
                    try await lab.expectHealth()
                }
            }
            try await longTransaction(lab)
            try await aged(lab)
            try await forgottenSlot(lab)
        }
    }

    private func damaged(_ lab: Laboratory) async throws {
        await #expect(throws: (any Error).self) { try await lab.postgres.psql("TABLE damaged", database: Laboratory.database) }
        // Only what has been read is kept as the good one.
        try await lab.does("call-center-admin db verify-backup latest")
        let finding = try await lab.expect(.pageDamaged)
        #expect(finding?.evidence?.contains("checksum failure") == true, "\(finding as Any)")
        try await lab.carryOut(finding, "call-center-admin db pin")
        try await lab.postgres.psql("DROP TABLE damaged; SELECT pg_stat_reset()", database: Laboratory.database)
    }

    /// The server has counted so many transactions; template0 would be seen to by autovacuum, which the tests have switched off.
    private func aged(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("ALTER DATABASE template0 ALLOW_CONNECTIONS true")
        let page = "\(lab.postgres.dataFolder)/pg_xact/0\(String(1_700_000_000 / 1_048_576, radix: 16, uppercase: true))"
        let programs = lab.postgres.installation.programs
        try await lab.restartPostgres(
            "\"${as[@]}\" \(programs)/pg_resetwal -D $0/data -x 1700000000 && \"${as[@]}\" head -c 262144 /dev/zero | \"${as[@]}\" tee \(page) >/dev/null"
        )
        let finding = try await lab.expect(.idsUsedUp)
        try await lab.carryOut(finding, "vacuumdb", "--freeze")
        try await lab.expectHealth()
    }

    private func archiver(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("SELECT pg_switch_wal()")
        while try await lab.postgres.psql("SELECT failed_count FROM pg_stat_archiver") == "0" {}
        let finding = try await lab.expect(.archiverFails, ["BACKUP_MANAGED_BY": "bare"])
        for command in finding?.remedy.commands ?? [] { try await lab.does(command) }
        try await lab.postgres.psql("ALTER SYSTEM SET archive_command = 'true'")
        try await lab.postgres.psql("SELECT pg_reload_conf()")
        let mended = "SELECT coalesce(last_archived_time > last_failed_time, false) FROM pg_stat_archiver"
        while try await lab.postgres.psql(mended) == "f" { try await lab.postgres.psql("SELECT pg_switch_wal()") }
    }

    /// Runs `body` while so many sessions are open and idle. Each tells that it is by a file: whoever asked the server would take the last place. It
    /// ends when it gets a line of its own.
    private func sessions(_ lab: Laboratory, _ count: Int, _ body: () async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let script = #"""
                mkfifo "$0/.ends" && exec 3<>"$0/.ends"
                open() { until [[ -e $1 ]]; do "$psql" -X -d postgres -c "\\! touch '$1'; exec bash -c 'read -r -t 600 <&3'"; done; }
                for ((i = 0; i < count; i++)); do open "$0/$i" & done; wait
                """#
            // Ordinary roles alone are kept from what is reserved.
            let more: [String: String?] = [
                "PGUSER": "backup", "PGPASSWORD": Laboratory.password, "psql": lab.postgres.program("psql").string, "count": "\(count)",
            ]
            let all = Command("bash", ["-c", script, folder.string], environment: lab.postgres.environment.merging(more) { $1 })
            _ = try await all.outcome { _ in
                while try await Command("ls", [folder.string]).output().split(separator: "\n").count < count {}
                try await body()
                let lines = String(repeating: "\n", count: count)
                try await Command("bash", ["-c", #"cat >"$0/.ends""#, folder.string]).output(input: lines)
            }
        }
    }

    /// An hour is long for a test: the view of this server tells of two more.
    private func longTransaction(_ lab: Laboratory) async throws {
        let later = """
            SET allow_system_table_mods = on;
            DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW pg_catalog.pg_stat_activity AS ' || regexp_replace(
                pg_get_viewdef('pg_catalog.pg_stat_activity'), 's\\.xact_start', 's.xact_start - interval ''2 hours'' AS xact_start'); END $$
            """
        try await lab.postgres.psql("GRANT pg_read_all_stats TO backup")
        let holder = lab.postgres.command("psql", ["-X", "-c", "BEGIN; SELECT 1; SELECT pg_sleep(600)"])
        _ = try await holder.outcome { _ in
            while try await lab.postgres.psql(Self.sleepers.replacing("SELECT pg_sleep", with: "BEGIN; SELECT 1; SELECT pg_sleep")) == "0" {
            }
            try await lab.postgres.psql(later, database: Laboratory.database)
            let finding = try await lab.expect(.transactionLong)
            #expect(finding?.evidence?.contains("postgres") == true, "\(finding as Any)")
            try await lab.carryOut(finding, "psql", "pg_terminate_backend")
        }
        try await lab.expectHealth()
    }

    /// The log goes on from a place twelve gibibytes later.
    private func forgottenSlot(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("SELECT pg_create_physical_replication_slot('old_standby', true)")
        let programs = lab.postgres.installation.programs
        try await lab.restartPostgres("\"${as[@]}\" \(programs)/pg_resetwal -D $0/data -l 000000010000000300000001")
        let finding = try await lab.expect(.slotForgotten)
        #expect(finding?.evidence?.contains("nobody reads it") == true, "\(finding as Any)")
        try await lab.carryOut(finding, "psql", "pg_drop_replication_slot")
        try await lab.expectHealth()
    }

    @Test("PostgreSQL and Redis that stand still, both at once, are two findings")
    func standstill() async throws {
        try await withLaboratory { lab in
            try await lab.postmaster("STOP")
            try await lab.expect(.serverStandsStill)
            try await lab.redisSignal("STOP")
            let answer = try await lab.doctor()
            try await lab.postmaster("CONT")
            try await lab.redisSignal("CONT")
            #expect(answer.findings.map(\.code) == ["postgres-silent", "redis-silent"], "\(answer.findings)")
            #expect(
                answer.findings.allSatisfy { $0.team.code == "dba" && $0.evidence?.contains("did not answer") == true },
                "\(answer.findings)")
            try await lab.redisSignal("STOP")
            let finding = try await lab.expect(.redisStandsStill)
            #expect(finding?.remedy.commands.contains { $0.contains("restart") } == false)
            try await lab.carryOut(finding, "", "restart")
            try await lab.expectHealth()
            try await lab.postmaster("STOP")
            try await lab.follow(try await lab.expect(.serverStandsStill, ["BACKUP_MANAGED_BY": "bare"]), choosing: "hangs for good")
        }
    }
}
