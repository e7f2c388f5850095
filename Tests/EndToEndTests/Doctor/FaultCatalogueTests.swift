import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue")
struct FaultCatalogueTests {
    @Test("PostgreSQL: each fault is the first finding, and its remedy repairs it")
    func postgres() async throws {
        try await withLaboratory { lab in
            try await lab.expectHealth()
            try await settings(lab)
            try await password(lab)
            try await accessRules(lab)
            try await rights(lab)
            try await crowded(lab)
            try await locked(lab)
            try await invalidIndex(lab)
            try await lab.postgres.psql("ALTER DATABASE \(Laboratory.database) RENAME TO another")
            try await lab.expect(.databaseRenamed)
            try await renamed(lab)
            try await lab.postgres.psql("ALTER DATABASE another RENAME TO \(Laboratory.database)")
            try await lab.expectHealth()
            try await lab.postgres.dropDatabase(Laboratory.database)
            try await lab.carryOut(try await lab.expect(.databaseDropped), "call-center-admin db restore", with: ["PGUSER": "postgres"])
            try await lab.expectHealth()
            try await stopped(lab)
        }
    }

    /// Where a setting is wrong the remedy's words have it put right: its commands are typed with the right one.
    private func settings(_ lab: Laboratory) async throws {
        let wrong = try await lab.expect(.passwordWrong, ["PGPASSWORD": "wrong"])
        try await lab.carryOut(wrong, "psql", "rolvaliduntil")
        try await lab.carryOut(wrong, "call-center-admin config check")
        try await lab.follow(try await lab.expect(.hostUnknown, ["PGHOST": "no-such-host.invalid"]), failing: ["getent"])
        try await port(lab)
        let unknown = try await lab.expect(.databaseUnknown, ["BACKUP_DATABASES": "no_such_database"])
        try await lab.follow(unknown?.sparing("backup-service --check"), choosing: "it has another name now")
    }

    /// Nobody listens at the port of the settings, and the server that is meant at another place of this machine.
    private func port(_ lab: Laboratory) async throws {
        let socket = ".s.PGSQL.\(lab.postgres.port)"
        try await Command("ln", ["-s", lab.postgres.folder.appending(socket).string, "/tmp/\(socket)"]).output()
        let result: Result<Void, any Error>
        do { result = .success(try await otherPlace(lab)) } catch { result = .failure(error) }
        try await Command("rm", ["/tmp/\(socket)"]).output()
        try result.get()
    }

    private func otherPlace(_ lab: Laboratory) async throws {
        let finding = try await lab.expect(.portWrong, ["PGPORT": "1"])
        let words = "the PostgreSQL that answers on port \(lab.postgres.port) is the one that is meant"
        let place = try #require(finding?.remedy.alternatives.first { $0.onlyIf.contains(words) }, "\(finding as Any)")
        #expect(place.onlyIf.hasSuffix("PGHOST=/tmp, PGPORT=\(lab.postgres.port)"), "\(place)")
        let right: [String: String?] = ["PGHOST": "/tmp"]
        for command in place.commands where !command.contains("backup-service --check") { try await lab.does(command, with: right) }
        try await lab.expectHealth(right)
    }

    /// The server's side of it: a new password that the settings do not know is set back, as the remedy has it typed at the terminal.
    private func password(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("ALTER ROLE backup PASSWORD 'changed'")
        let finding = try await lab.expect(.passwordChanged)
        for command in ["rolvaliduntil", #"\password"#] {
            let answer = command == "rolvaliduntil" ? nil : "right\nright\n"
            try await lab.carryOut(finding, "psql", command, input: answer)
        }
        try await lab.carryOut(finding, "call-center-admin config check")
        try await lab.expectHealth()
    }

    /// The run that fails now is no second alarm.
    private func stopped(_ lab: Laboratory) async throws {
        try await lab.postgres.crash()
        try await lab.expect(.serverCrashed)
        _ = try await lab.admin.command("db", "backup").outcome()
        let finding = try await lab.expect(.serverCrashed)
        #expect(finding?.consequences.map(\.code).contains("failed") == true)
        try await lab.carryOut(finding, "", "start")
        try await lab.carryOut(finding, "pg_isready")
        // What came of it is left: the backup is to be taken.
        try await lab.carryOut(try await lab.doctor().findings.first, "call-center-admin")
        try await lab.admin.command("db", "backup").output()
        try await lab.expectHealth()
    }

    private func accessRules(_ lab: Laboratory) async throws {
        let file = lab.postgres.dataFolder.appending("pg_hba.conf").string
        let edit = #"cp "$0" "$0.old" && (echo "host all backup all reject"; cat "$0.old") | tee "$0" >/dev/null"#
        try await Command("bash", ["-c", edit, file]).output()
        try await lab.postgres.psql("SELECT pg_reload_conf()")
        let finding = try await lab.expect(.hostRefused)
        #expect(finding?.remedy.words.contains("\"\(Laboratory.database)\" \"backup\"") == true, "\(finding as Any)")
        try await lab.follow(finding, choosing: "to be let in", failing: ["call-center-admin config check"])
        try await Command("bash", ["-c", #"cat "$0.old" | tee "$0" >/dev/null"#, file]).output()
        try await lab.postgres.psql("SELECT pg_reload_conf()")
        try await lab.expectHealth()
    }

    /// What has nearly the name of a database that is not there is named, with the setting that has to say so.
    private func renamed(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("ALTER DATABASE another RENAME TO callcenter")
        let finding = try await lab.expect(.databaseRenamed)
        let chosen = try #require(finding?.sparing("backup-service --check").remedy.alternatives.first, "\(finding as Any)")
        #expect(chosen.onlyIf.contains("BACKUP_DATABASES=callcenter"), "\(chosen)")
        let right: [String: String?] = ["BACKUP_DATABASES": "callcenter"]
        for command in chosen.commands { try await lab.does(command, with: right) }
        let mended = try await lab.doctor(right).findings
        #expect(!mended.contains { $0.code == "database-missing" }, "\(mended)")
        try await lab.postgres.psql("ALTER DATABASE callcenter RENAME TO another")
    }

    private func rights(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("REVOKE pg_read_all_data FROM backup")
        let finding = try await lab.expect(.rightsRevoked)
        try await lab.follow(finding)
    }

    private func crowded(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("ALTER ROLE backup CONNECTION LIMIT 0")
        try await lab.follow(try await lab.expect(.roleLimited))
        try await lab.postgres.psql("ALTER DATABASE \(Laboratory.database) CONNECTION LIMIT 0")
        try await lab.follow(try await lab.expect(.databaseLimited))
    }

    private func locked(_ lab: Laboratory) async throws {
        let sql = "BEGIN; LOCK TABLE calls; SELECT pg_sleep(600)"
        let holder = lab.postgres.command("psql", ["-X", "-d", Laboratory.database, "-c", sql])
        _ = try await holder.outcome { _ in
            let held = "SELECT count(*) FROM pg_locks WHERE relation = 'calls'::regclass AND mode = 'AccessExclusiveLock' AND granted"
            while try await lab.postgres.psql(held, database: Laboratory.database) == "0" {}
            let finding = try await lab.expect(.tableLocked)
            try await lab.carryOut(finding, "psql", "pg_terminate_backend")
        }
        try await lab.expectHealth()
    }

    private func invalidIndex(_ lab: Laboratory) async throws {
        let sql = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'calls_n'::regclass"
        try await lab.postgres.psql(sql, database: Laboratory.database)
        let finding = try await lab.expect(.indexInvalid)
        try await lab.follow(finding)
    }

    @Test("Redis: each fault is the first finding, and its remedy repairs it")
    func others() async throws {
        try await withLaboratory { lab in
            for (fault, url) in [
                (CatalogueFault.redisPasswordWrong, lab.redis.url(login: ":wrong@")), (.redisPasswordMissing, lab.redis.url()),
            ] {
                let finding = try await lab.expect(fault, ["REDIS_URL": url])
                try await lab.carryOut(finding, "", "ACL LIST", input: Laboratory.password)
                try await lab.carryOut(finding, "call-center-admin config check")
            }
            let unknown = try await lab.expect(.redisHostUnknown, ["REDIS_URL": "redis://no-such-host.invalid:6379"])
            try await lab.follow(unknown, failing: ["getent"])
            try await lab.redis.crash()
            try await lab.follow(try await lab.expect(.redisCrashed, Self.bare))
            try await lab.expectHealth()
        }
    }

    private static let bare: [String: String?] = ["BACKUP_MANAGED_BY": "bare"]

    @Test("Servers that take connections and never answer hold nothing up: each is told of when its time is over")
    func silence() async throws {
        try await withLaboratory { lab in
            try await SilentPort.with { port in
                let answer = try await lab.doctor([
                    "PGPORT": "\(port)", "REDIS_URL": "redis://127.0.0.1:\(port)", "BACKUP_S3_BUCKET": "backups", "AWS_ACCESS_KEY_ID": "a",
                    "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)", "BACKUP_HTTP": "127.0.0.1:\(port)",
                ])
                #expect(Set(answer.findings.map(\.code)) == ["postgres-silent", "redis-silent", "store-silent"], "\(answer.findings)")
                let limits = answer.findings.compactMap(\.evidence).filter { $0.contains(" within 5 s") || $0.contains("in time") }
                #expect(limits.count == 3, "\(answer.findings)")
            }
        }
    }
}
