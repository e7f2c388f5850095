import BackupTestKit
import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue")
struct FaultCatalogueTests {
    @Test("PostgreSQL: each fault is the first finding, and its remedy repairs it")
    func postgres() async throws {
        try await withLaboratory { lab in
            try await lab.expectHealth()
            try await lab.expect("postgres-password", "dba", ["PGPASSWORD": "wrong"])
            try await lab.expect("postgres-unknown-host", "devops", ["PGHOST": "no-such-host.invalid"])
            try await lab.expect("postgres-down", "dba", ["PGPORT": "1"])
            try await lab.expect("database-missing", "dba", ["BACKUP_DATABASES": "no_such_database"])
            // Debian's own may be as new as the server.
            if (17...30).allSatisfy({ access("/usr/lib/postgresql/\($0)/bin/pg_dump", X_OK) != 0 }) {
                try await lab.expect("client-programs", "devops", ["PG_BIN_DIR": nil, "PATH": "/usr/bin:/bin"])
            }
            try await accessRules(lab)
            try await rights(lab)
            try await crowded(lab)
            try await locked(lab)
            try await invalidIndex(lab)
            try await lab.postgres.psql("ALTER DATABASE \(Laboratory.database) RENAME TO another")
            try await lab.expect("database-missing", "dba")
            try await lab.postgres.psql("ALTER DATABASE another RENAME TO \(Laboratory.database)")
            try await lab.expectHealth()
            try await lab.postgres.crash()
            try await lab.expect("postgres-down", "dba")
            // The run that fails now is no second alarm.
            _ = try await lab.admin.command("db", "backup").outcome()
            let finding = try await lab.expect("postgres-down", "dba")
            #expect(finding?.consequences.map(\.code).contains("failed") == true)
        }
    }

    private func accessRules(_ lab: Laboratory) async throws {
        let file = lab.postgres.dataFolder.appending("pg_hba.conf").string
        let edit = #"cp "$0" "$0.old" && (echo "host all backup all reject"; cat "$0.old") | tee "$0" >/dev/null"#
        try await Command("bash", ["-c", edit, file]).output()
        try await lab.postgres.psql("SELECT pg_reload_conf()")
        let finding = try await lab.expect("postgres-access-rules", "dba")
        try await Command("bash", ["-c", #"cat "$0.old" | tee "$0" >/dev/null"#, file]).output()
        try await lab.carryOutSQL(finding, "pg_reload_conf")
        try await lab.expectHealth()
    }

    private func rights(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("REVOKE pg_read_all_data FROM backup")
        let finding = try await lab.expect("rights-lacking", "dba")
        try await lab.carryOutSQL(finding, "GRANT")
        try await lab.expectHealth()
    }

    private func crowded(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("ALTER ROLE backup CONNECTION LIMIT 0")
        try await lab.expect("postgres-connections", "dba")
        try await lab.postgres.psql("ALTER ROLE backup CONNECTION LIMIT -1")
    }

    private func locked(_ lab: Laboratory) async throws {
        let sql = "BEGIN; LOCK TABLE calls; SELECT pg_sleep(600)"
        let holder = lab.postgres.command("psql", ["-X", "-d", Laboratory.database, "-c", sql])
        _ = try await holder.outcome { _ in
            let held = "SELECT count(*) FROM pg_locks WHERE relation = 'calls'::regclass AND mode = 'AccessExclusiveLock' AND granted"
            while try await lab.postgres.psql(held, database: Laboratory.database) == "0" {}
            let finding = try await lab.expect("table-locked", "dba")
            try await lab.carryOutSQL(finding, "pg_terminate_backend")
        }
        try await lab.expectHealth()
    }

    private func invalidIndex(_ lab: Laboratory) async throws {
        let sql = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'calls_n'::regclass"
        try await lab.postgres.psql(sql, database: Laboratory.database)
        let finding = try await lab.expect("invalid-index", "dba")
        try await lab.carryOutSQL(finding, "REINDEX")
        try await lab.expectHealth()
    }

    @Test("Redis, settings and keys: each fault is the first finding")
    func others() async throws {
        try await withLaboratory { lab in
            try await lab.expect("redis-password", "dba", ["REDIS_URL": lab.redis.url(login: ":wrong@")])
            try await lab.expect("redis-password", "dba", ["REDIS_URL": lab.redis.url()])
            try await lab.expect("redis-unknown-host", "devops", ["REDIS_URL": "redis://no-such-host.invalid:6379"])
            try await lab.expect("configuration-invalid", "devops", ["BACKUP_SCHEDULE": "daily at 2"])
            try await lab.expect("configuration-invalid", "devops", ["REDIS_URL": "redis//localhost"])
            try await lab.expect("setting-unknown", "devops", ["BACKUP_SCHEDUL": "0 2 * * *"])
            try await secrets(lab)
            try await keys(lab)
            try await pair(lab)
            try await lab.redis.crash()
            try await lab.expect("redis-down", "dba")
        }
    }

    private func secrets(_ lab: Laboratory) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("env").string
            try await Command("bash", ["-c", #"echo "REDIS_PASSWORD=right" > "$0" && chmod 644 "$0""#, file]).output()
            let environment: [String: String?] = ["BACKUP_ENV_FILE": file, "REDIS_URL": lab.redis.url()]
            let finding = try await lab.expect("secret-readable", "devops", environment)
            try await lab.carryOut(finding, "chmod")
            try await lab.expectHealth(environment)
        }
    }

    private func keys(_ lab: Laboratory) async throws {
        try await withTemporaryFolder { folder in
            let (own, other) = (folder.appending("own.key").string, folder.appending("other.key").string)
            let made = try await lab.admin.command("key", "generate", own).output()
            try await lab.admin.command("key", "generate", other).output()
            let recipient = try #require(made.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("age1") })
            let sealing: [String: String?] = ["BACKUP_AGE_RECIPIENTS": String(recipient), "BACKUP_AGE_IDENTITY_FILE": own]
            var backup = lab.admin.command("db", "backup")
            backup.environment.merge(sealing) { $1 }
            try await backup.output()
            try await lab.expectHealth(sealing)
            try await lab.expect("key-lost", "devops", sealing.merging(["BACKUP_AGE_IDENTITY_FILE": other]) { $1 })
            try await lab.expect("key-unusable", "devops", sealing.merging(["BACKUP_AGE_IDENTITY_FILE": "/no/such.key"]) { $1 })
        }
    }

    /// Two faults at once are two findings, neither under the other.
    private func pair(_ lab: Laboratory) async throws {
        let answer = try await lab.doctor(["PGPASSWORD": "wrong", "REDIS_URL": lab.redis.url()])
        #expect(answer.findings.map(\.code) == ["postgres-password", "redis-password"], "\(answer.findings)")
    }

    @Test("Servers that take connections and never answer hold the doctor up for less than ten seconds")
    func silence() async throws {
        try await withLaboratory { lab in
            try await SilentPort.with { port in
                let answer = try await lab.doctor([
                    "PGPORT": "\(port)", "REDIS_URL": "redis://127.0.0.1:\(port)", "BACKUP_S3_BUCKET": "backups", "AWS_ACCESS_KEY_ID": "a",
                    "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)", "BACKUP_HTTP": "127.0.0.1:\(port)",
                ])
                #expect(Set(answer.findings.map(\.code)) == ["postgres-silent", "redis-silent", "store-silent"], "\(answer.findings)")
                #expect(answer.seconds < 10)
            }
        }
    }
}

@Suite("The doctor's fault catalogue, stores")
struct StoreFaultTests {
    @Test("Files and folders: each fault is the first finding, and its remedy repairs it")
    func files() async throws {
        try await withLaboratory { lab in
            let (dump, manifest) = (try await lab.file("Z.sql.gz"), try await lab.file("Z.json"))
            try await altered(dump, "truncate -s 100", lab, "artifact-changed", "dba")
            try await altered(dump, "rm", lab, "artifact-missing", "dba")
            try await altered(manifest, "rm", lab, "manifest-missing", "dba")
            try await altered(manifest, "truncate -s 10", lab, "manifest-unreadable", "dba")
            let link = lab.admin.folder.appending("latest.sql.gz").string
            try await Command("ln", ["-sfn", "nowhere.sql.gz", link]).output()
            try await lab.carryOut(try await lab.expect("link-dangling", "devops"), "ln")
            try await lab.expectHealth()
            try await Command("chmod", ["644", dump]).output()
            try await lab.carryOut(try await lab.expect("files-readable", "devops"), "chmod")
            try await lab.expectHealth()
            try await owners(lab)
            try await lab.expect("folder-missing", "storage", ["BACKUP_DIR": "/no/such/folder"])
            try await fullDisk(lab)
        }
    }

    private func altered(_ file: String, _ command: String, _ lab: Laboratory, _ code: String, _ team: String) async throws {
        let away = lab.admin.folder.appending("../away").string
        try await Command("cp", ["-p", file, away]).output()
        try await Command("bash", ["-c", command + #" "$0""#, file]).output()
        try await lab.expect(code, team)
        try await Command("mv", ["-f", away, file]).output()
        try await lab.expectHealth()
    }

    /// Somebody without privileges, to whom the folder does not belong.
    private func owners(_ lab: Laboratory) async throws {
        guard geteuid() == 0 else { return }
        let other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        let mayRun = try await Command(other[0], Array(other.dropFirst()) + [AdminProgram.path, "--version"]).outcome().status == 0
        if mayRun { try await lab.expect("folder-forbidden", "storage", as: other) }
    }

    private func fullDisk(_ lab: Laboratory) async throws {
        guard geteuid() == 0 else { return }
        try await SmallFilesystem.with(mebibytes: 8) { folder in
            try await Command("dd", ["if=/dev/zero", "of=\(folder)/ballast", "bs=1M", "count=7", "status=none"]).output()
            let environment: [String: String?] = ["BACKUP_DIR": folder.string, "BACKUP_DISK_MAX_PERCENT": "80"]
            try await lab.expect("disk-full", "storage", environment)
            try await Command("mount", ["-o", "remount,ro", folder.string]).output()
            try await lab.expect("store-read-only", "storage", environment)
            try await Command("mount", ["-o", "remount,rw", folder.string]).output()
        }
    }

    @Test("Buckets: each fault is the first finding")
    func buckets() async throws {
        try await withLaboratory { lab in
            try await withS3 { s3, prefix in
                let good: [String: String?] = [
                    "BACKUP_S3_BUCKET": s3.bucket, "BACKUP_S3_PREFIX": prefix, "AWS_ENDPOINT_URL_S3": s3.url, "AWS_REGION": s3.region,
                    "AWS_ACCESS_KEY_ID": s3.accessKeyID, "AWS_SECRET_ACCESS_KEY": s3.secretAccessKey,
                ]
                func changed(_ name: String, _ value: String) -> [String: String?] { good.merging([name: value]) { $1 } }
                try await lab.expect("missing-copies", "devops", good)
                try await lab.expect("bucket-missing", "devops", changed("BACKUP_S3_BUCKET", "no-such-bucket"))
                try await lab.expect("store-credentials", "devops", changed("AWS_SECRET_ACCESS_KEY", "wrong"))
                try await lab.expect("store-credentials", "devops", changed("AWS_ACCESS_KEY_ID", "NOBODY"))
                var sync = lab.admin.command("db", "sync")
                sync.environment.merge(good) { $1 }
                try await sync.output()
                try await lab.expectHealth(good)
            }
        }
    }
}
