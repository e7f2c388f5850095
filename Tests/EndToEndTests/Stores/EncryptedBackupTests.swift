import BackupTestKit
import SystemPackage
import Testing

@Suite("An encrypted backup")
struct EncryptedBackupTests {
    /// Keys as an operator makes them; the service that takes backups is not given the identity.
    private func withKeys(
        alone: Bool = false, _ body: (PostgresServer, _ database: String, AdminProgram, _ identity: FilePath) async throws -> Void
    ) async throws {
        try requireProgram("age", package: "age")
        try await withCalls(alone: alone) { server, database, admin in
            try await withTemporaryFolder { folder in
                let identity = folder.appending("restore.key")
                try await admin.command("key", "generate", identity.string).output()
                let recipient = try await Command("age-keygen", ["-y", identity.string]).output().filter { !$0.isNewline }
                var admin = admin
                admin.environment["BACKUP_AGE_RECIPIENTS"] = recipient
                try await body(server, database, admin, identity)
            }
        }
    }

    @Test("is restored by age, zcat and psql")
    func standardTools() async throws {
        try await withKeys { server, database, admin, identity in
            try await admin.command("db", "backup", "--database", database).output()
            let copy = "copy_\(UInt32.random(in: .min ... .max))"
            try await server.createDatabase(copy)
            let script =
                "set -o pipefail; age -d -i \"$1\" \"$2\" | zcat | '\(server.program("psql"))' -X -q -v ON_ERROR_STOP=1 -d \"$3\" >/dev/null"
            let dump = "\(admin.folder)/latest.sql.gz.age"
            try await Command("bash", ["-c", script, "restore", identity.string, dump, copy], environment: server.environment).output()
            let rows = try await server.psql("SELECT count(*) FROM calls", database: copy)
            let expected = try await server.psql("SELECT count(*) FROM calls", database: database)
            try await server.dropDatabase(copy)
            #expect(rows == expected)
        }
    }

    @Test("holds a Redis that age, gzip and redis-server open, and roles that age and psql make on a new server")
    func standardToolsBesideDatabase() async throws {
        try await withRedis { redis in
            try await redis.fill(keys: 500)
            try await withKeys(alone: true) { server, database, admin, identity in
                try await server.psql(
                    """
                    CREATE ROLE desk; CREATE ROLE keeper LOGIN PASSWORD 'of no use' CONNECTION LIMIT 7 VALID UNTIL '2040-01-01 00:00:00Z'; GRANT desk TO keeper
                    """)
                var admin = admin
                admin.environment["REDIS_URL"] = redis.url()
                try await admin.command("db", "backup", "--database", database).output()
                let names = try await admin.entries()
                let copy = try #require(names.first { $0.hasPrefix("redis-") && $0.hasSuffix(".rdb.gz.age") }, "\(names)")
                try await requireOpened(redis, from: admin.folder.appending(copy), identity)
                let roles = try #require(names.first { $0.hasPrefix("globals-") && $0.hasSuffix(".sql.age") }, "\(names)")
                try await requireMade(rolesOf: server, from: admin.folder.appending(roles), identity)
            }
        }
    }

    private func requireOpened(_ redis: RedisServer, from file: FilePath, _ identity: FilePath) async throws {
        var blueprint = RedisBlueprint(redis.version)
        blueprint.prepare = { folder in
            let script = #"set -o pipefail; age -d -i "$1" "$2" | gzip -dc > "$3/dump.rdb" && chmod 644 "$3/dump.rdb""#
            try await Command("bash", ["-c", script, "open", identity.string, file.string, folder.string]).output()
        }
        let opened = try await withRedis(blueprint) { try await $0.cli("DEBUG", "DIGEST") }
        let digest = try await redis.cli("DEBUG", "DIGEST")
        #expect(opened == digest)
        // An empty one has a digest, too.
        #expect(!digest.allSatisfy { $0 == "0" })
    }

    private func requireMade(rolesOf server: PostgresServer, from file: FilePath, _ identity: FilePath) async throws {
        let query = """
            SELECT rolname, rolcanlogin, rolconnlimit, rolvaliduntil AT TIME ZONE 'UTC', rolpassword,
                ARRAY(SELECT member::regrole FROM pg_auth_members WHERE roleid = r.oid) FROM pg_authid r
            WHERE rolname IN ('desk', 'keeper') ORDER BY rolname
            """
        let made = try await withPostgres(version: server.major) { new in
            // It says that the role postgres is there already, and goes on.
            let script = "set -o pipefail; age -d -i \"$1\" \"$2\" | '\(new.program("psql"))' -X -q -d postgres"
            try await Command("bash", ["-c", script, "open", identity.string, file.string], environment: new.environment).output()
            return try await new.psql(query)
        }
        #expect(made == (try await server.psql(query)))
        #expect(made.contains("keeper|t|7|2040-01-01 00:00:00|SCRAM-SHA-256$") && made.contains("{keeper}"), "\(made)")
    }

    @Test("cannot be opened by who takes it: only its digest is checked, which is said; with the identity it is proved by restore")
    func proof() async throws {
        try await withKeys { _, database, admin, identity in
            try await admin.command("db", "backup", "--database", database).output()
            let sealed = try await admin.command("db", "verify-backup", "latest", "--level", "content").outcome()
            #expect(sealed.status == 8, "\(sealed)")
            #expect(sealed.output.contains("no age identity is known here"))
            #expect(sealed.output.contains("checked (digest)") && !sealed.output.contains("quick"), "\(sealed)")
            let refused = try await admin.command("db", "restore", "latest", "--into", "never").outcome()
            #expect(refused.status == 1 && refused.errors.contains("no age identity is known here"), "\(refused)")
            var restorer = admin
            restorer.environment["BACKUP_AGE_IDENTITY_FILE"] = identity.string
            let proved = try await restorer.command("db", "verify-backup", "latest", "--level", "restore", "--with-psql").outcome()
            #expect(proved.status == 0, "\(proved)")
            #expect(proved.output.contains("with nothing of ours"))
        }
    }

    @Test("is not said to be damaged when none of the known identities opens it: the keys are named; a run that takes one raises an alarm")
    func wrongIdentity() async throws {
        try await withKeys { _, database, admin, identity in
            try await admin.command("db", "backup", "--database", database).output()
            var restorer = admin
            let other = identity.removingLastComponent().appending("other.key")
            try await admin.command("key", "generate", other.string).output()
            restorer.environment["BACKUP_AGE_IDENTITY_FILE"] = other.string
            let verified = try await restorer.command("db", "verify-backup", "latest").outcome()
            #expect(verified.status == 1, "\(verified)")
            #expect(verified.output.contains("none of the known age identities opens"))
            #expect(verified.output.contains("NOT VERIFIED (digest)"), "\(verified)")
            #expect(verified.errors.contains("ERROR: Backup verification could not be done: none of the known age"), "\(verified)")
            // The keys are named once, for all files of the backup.
            #expect((verified.output + verified.errors).split(separator: "from BACKUP_AGE_IDENTITY_FILE").count == 2, "\(verified)")
            #expect(verified.errors.contains("the file itself is whole"), "\(verified)")
            let restored = try await restorer.command("db", "restore", "latest", "--into", "never").outcome()
            #expect(restored.status == 1 && restored.errors.contains("ERROR: Restore failed: none of the known age"), "\(restored)")
            for outcome in [verified, restored] {
                #expect(outcome.errors.contains("from BACKUP_AGE_IDENTITY_FILE (\(other))"), "\(outcome)")
                #expect(outcome.errors.contains("key check") && !outcome.errors.contains("Keep the file"), "\(outcome)")
            }
            // It is the key that is wrong, not the file; who takes backups that nobody here can open is alarmed all the same.
            let list = try await admin.command("db", "list").output()
            #expect(!list.contains("verification failed"))
            let taken = try await restorer.command("db", "backup", "--database", database).outcome()
            #expect(taken.status == 3 && taken.errors.contains("CRITICAL: Backup verification failed: none of the known age"), "\(taken)")
        }
    }

    @Test("whose header was changed is told as damaged before it is told that no identity opens it")
    func changedHeader() async throws {
        try await withKeys { _, database, admin, identity in
            try await admin.command("db", "backup", "--database", database).output()
            var restorer = admin
            restorer.environment["BACKUP_AGE_IDENTITY_FILE"] = identity.string
            // Within the first recipient's stanza, which begins behind the 22 bytes of the version.
            let script = #"printf 'XXXX' | dd of="$1" bs=1 seek=40 conv=notrunc status=none"#
            try await Command("bash", ["-c", script, "change", "\(admin.folder)/latest.sql.gz.age"]).output()
            for asking in [["db", "restore", "latest", "--dry-run"], ["key", "check"]] {
                let outcome = try await restorer.command(asking).outcome()
                #expect(outcome.status == 3 && outcome.errors.contains("its header was changed: it was encrypted to age1"), "\(outcome)")
            }
            let outcome = try await restorer.command("db", "verify-backup", "latest", "--level", "content").outcome()
            #expect(outcome.status == 3, "\(outcome)")
            let alarm = try #require(outcome.errors.split(separator: "\n").first { $0.hasPrefix("CRITICAL: Backup verification failed: ") })
            #expect(alarm.contains(": the file's SHA-256 is "), "\(outcome)")
            #expect(outcome.errors.contains("hint: Keep the file"), "\(outcome)")
            let list = try await admin.command("db", "list").output()
            #expect(list.contains("verification failed"), "\(list)")
        }
    }

    @Test(
        "that is changed anywhere is found damaged, and the verdict is kept",
        arguments: [("sql.gz", 400), ("sql.gz", 70_000), ("custom", 400)])
    func changed(format: String, offset: Int) async throws {
        try await withKeys { _, database, admin, identity in
            try await admin.command("db", "backup", "--database", database, "--format", format).output()
            var restorer = admin
            restorer.environment["BACKUP_AGE_IDENTITY_FILE"] = identity.string
            let dump = "\(admin.folder)/latest.\(format == "custom" ? "dump" : format).age"
            let script = #"printf 'XXXX' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none"#
            try await Command("bash", ["-c", script, "change", dump, "\(offset)"]).output()
            let outcome = try await restorer.command("db", "verify-backup", "latest", "--level", "content").outcome()
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.output.contains("does not authenticate"), "\(outcome)")
            let list = try await admin.command("db", "list").output()
            #expect(list.contains("verification failed"), "\(list)")
        }
    }
}
