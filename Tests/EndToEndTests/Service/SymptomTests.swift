import BackupEngine
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@Suite("The symptoms of the runbook, produced, and seen as it looks for them", .timeLimit(.minutes(4)))
struct SymptomTests {
    @Test("A backup that fails and one that is damaged are seen, found in the log, told once on each way, and ended by the next good one")
    func failures() async throws {
        try await withRole { server, admin in
            try await withOtherWays { ways in
                try await withWatchedService(admin, "postgres", ways.settings) { watched in
                    try await watched.monitoring.series(of: "backup_status") { $0.targets(withStatus: "ok") == ["postgres", "redis"] }
                    try await failAndMend(server, watched)
                    expectOnce(watched)
                    try await ways.expectOnce(2)
                }
            }
        }
    }

    /// One trouble after the other, each of which ends.
    private func failAndMend(_ server: PostgresServer, _ watched: WatchedService) async throws {
        try await server.psql("ALTER ROLE backup PASSWORD 'another'")
        try await watched.order(#"{"kind":"backup"}"#)
        let failure = try await expectFailure(watched)
        try await expectWords(watched)
        try await server.psql("ALTER ROLE backup PASSWORD 'right'")
        try await mend(watched, failure)
        let damage = try await expectDamage(watched)
        try await mend(watched, damage)
    }

    /// Each of the two troubles called once on each way, and ended once.
    private func expectOnce(_ watched: WatchedService) {
        let calls = ["trigger", "resolve", "trigger", "resolve"]
        let raised = watched.pagerDuty.events("alertmanager")
        #expect(raised.map(\.eventAction) == calls, "\(raised)")
        // An incident for each alert of Prometheus.
        #expect(Set(raised.map(\.dedupKey)).count == 2 && raised.first?.dedupKey == raised.dropFirst().first?.dedupKey, "\(raised)")
        let told = watched.pagerDuty.events("service")
        // One for the target, whatever is wrong with it. What is told again has changed, and joins it: a cause that is found late.
        #expect(Set(told.map(\.dedupKey)).count == 1, "\(told)")
        #expect(!zip(told, told.dropFirst()).contains { $0.payload == $1.payload }, "\(told)")
        let incidents = told.split { $0.eventAction == "resolve" }
        #expect(incidents.count == 2 && incidents.allSatisfy { $0.count <= 2 }, "\(told)")
        #expect(told.count { $0.eventAction == "resolve" } == 2, "\(told)")
    }

    @Test("A backup that is not renewed for more than a day is seen, though nothing has failed: no fresh files, an old time, and a call")
    func old() async throws {
        try await withCalls { _, database, admin in
            try await admin.backup(database, hoursAgo: 50)
            // Nothing is made up for, and nothing is due for half a day.
            let settings = [
                "BACKUP_SCHEDULE": "0 \(hourFarFromNow()) * * *", "BACKUP_TIMEZONE": "UTC", "BACKUP_CATCH_UP": "no",
                "BACKUP_STALL_TIMEOUT": "20min",
            ]
            try await withWatchedService(admin, database, settings) { watched in
                try await watched.monitoring.series(of: "time() - last_successful_backup_timestamp > 86400") { $0.count == 1 }
                try await watched.monitoring.alert("BackupTooOld")
                let pages = try await watched.pages()
                #expect(pages.allSatisfy { $0.payload?.severity == "critical" && $0.payload?.summary.hasPrefix("Backup Failed") == true })
                #expect(try await watched.finds("find $BACKUPS -name '*.sql.gz' -mtime -1") == [])
                #expect(try await watched.finds("ls -lt $BACKUPS/ | head -5").count == 5)
                #expect(try await watched.monitoring.series(of: "backup_status").targets(withStatus: "ok") == ["postgres"])
                #expect(try await watched.monitoring.series(of: "backup_stall_timeout_seconds").map(\.value) == [1200])
                #expect(try await watched.types("POSTGRES_DB=\(database) backup-now").status == 0)
                #expect(try await watched.pages().allSatisfy { $0.eventAction == "resolve" })
                #expect(try await watched.finds("find $BACKUPS -name '*.sql.gz' -mtime -1") != [])
            }
        }
    }

    @Test("A disk that is nearly full is seen, and where a backup fails for it, that is what the call is about")
    func fullDisk() async throws {
        try await withCalls { server, database, elsewhere in
            try await SmallFilesystem.with(mebibytes: 8) { disk in
                try await Command("bash", ["-c", "head -c 7800000 /dev/zero >\(disk)/somebody-elses"]).output()
                var admin = AdminProgram(server: server, folder: disk)
                admin.environment = ["BACKUP_DISK_MAX_PERCENT": "90", "BACKUP_STATE_DIR": "\(elsewhere.folder)/../state"]
                let settings = ["BACKUP_DISK_MAX_PERCENT": "90", "BACKUP_STATE_DIR": "\(elsewhere.folder)/../state"]
                try await withWatchedService(admin, database, settings) { watched in
                    let full = try await watched.monitoring.series(of: "disk_usage_percent > 90") { !$0.isEmpty }
                    #expect(full.map { $0.labels["path"] } == [disk.string])
                    try await watched.monitoring.alert("BackupDiskFull")
                    let page = try #require(await watched.pagerDuty.next("service"))
                    #expect(page.payload?.severity == "critical")
                    #expect(page.payload?.summary.contains("the disk of \(disk) is 94 % full") == true, "\(page)")
                    #expect(page.payload?.customDetails?.team == "storage")
                    #expect(page.payload?.customDetails?.remedy?.contains("df -h \(disk)") == true, "\(page)")
                    #expect(page.payload?.customDetails?.diagnosis == "disk-full")
                    #expect(try await watched.finds("df -h $BACKUPS").last?.contains("94%") == true)
                }
            }
        }
    }

    /// A server of its own that asks for a password, with a role for backups, and a Redis.
    private func withRole(_ body: (PostgresServer, AdminProgram) async throws -> Void) async throws {
        try requireServer(15)
        try await withPostgres(PostgresBlueprint(password: "of the administrator")) { server in
            try await server.psql("CREATE ROLE backup SUPERUSER LOGIN PASSWORD 'right'")
            try await server.loadCalls(into: "postgres", mebibytes: 1)
            try await withRedis { redis in
                try await withAdmin(server) { admin in
                    var admin = admin
                    admin.environment = [
                        "PGUSER": "backup", "PGPASSWORD": "right", "POSTGRES_DB": "postgres", "REDIS_URL": redis.url(),
                        // However full the disk of the tests is.
                        "BACKUP_DISK_MAX_PERCENT": "100",
                    ]
                    try await body(server, admin)
                }
            }
        }
    }

    private func expectFailure(_ watched: WatchedService) async throws -> [ScriptedPagerDuty.Event] {
        let series = try await watched.monitoring.series(of: "backup_status") { $0.targets(withStatus: "failed").contains("postgres") }
        #expect(series.count == 8)
        try await watched.monitoring.alert("BackupFailed")
        let pages = try await watched.pages()
        for page in pages {
            #expect(page.eventAction == "trigger")
            #expect(page.payload?.severity == "critical")
            #expect(page.payload?.summary.hasPrefix("Backup Failed") == true, "\(page)")
        }
        // The service's own call says what the doctor found.
        let details = try #require(pages.first?.payload?.customDetails)
        #expect(details.diagnosis == "postgres-password" && details.team == "dba", "\(details)")
        #expect(details.cause?.hasPrefix("PostgreSQL refuses our password: ") == true, "\(details)")
        #expect(details.remedy?.contains("call-center-admin config check") == true, "\(details)")
        return pages
    }

    /// The lines of the runbook's sections 2 and 7 and of its steps 4 and 5.
    private func expectWords(_ watched: WatchedService) async throws {
        let alarms = try await watched.finds(#"docker compose logs backup-service | grep -i "error\|failed\|critical""#)
        #expect(alarms.contains { $0.contains("ERROR: Backup failed: ") }, "\(alarms)")
        for all in ["docker compose logs --tail=100 backup-service", "docker compose logs backup-service 2>&1 | tail -200"] {
            #expect(try await watched.finds(all).contains { $0.contains("ERROR: Backup failed: ") })
        }
        #expect(try await watched.finds("docker compose logs --tail=20 backup-service").count <= 20)
        let credentials = try await watched.finds(
            #"docker compose logs backup-service | grep -i "auth\|permission\|denied\|credential""#)
        #expect(credentials.contains { $0.contains("ERROR: Backup failed: ") && $0.contains("user backup") }, "\(credentials)")
        #expect(!credentials.contains { $0.contains("right") })
        let steps = try await watched.finds(#"docker compose logs backup-service | grep -i "progress\|complete\|error""#)
        let diagnoses = try await watched.finds("docker compose logs backup-service | grep -A9 'ERROR: Backup failed' | grep diagnosis:")
        #expect(diagnoses.first?.contains("PostgreSQL refuses our password") == true, "\(diagnoses)")
        let asked = try await watched.finds(
            "curl -s http://\(watched.address)/api/health | jq -r '.diagnosis.findings[0] | .code, .section'")
        #expect(asked == ["postgres-password", "step-2"])
        for (language, words) in [("en", "PostgreSQL refuses our password"), ("ru", "PostgreSQL не принимает наш пароль")] {
            let page = try await watched.types("curl -sf 'http://\(watched.address)/?lang=\(language)'").output
            #expect(page.contains(words) && page.contains("diagnosis-title"), "\(page)")
        }
        for word in ["progress: ", "complete: ", "ERROR: "] { #expect(steps.contains { $0.contains(word) }, "\(word)") }
    }

    /// A new backup, by hand as in step 5, ends what was told.
    private func mend(_ watched: WatchedService, _ told: [ScriptedPagerDuty.Event]) async throws {
        let backup = try await watched.types("docker exec call-center-backup-service backup-now")
        #expect(backup.status == 0, "\(backup.errors)")
        let ends = try await watched.ends()
        #expect(ends.map(\.dedupKey) == told.map(\.dedupKey))
        #expect(try await watched.monitoring.series(of: "backup_status").targets(withStatus: "ok") == ["postgres", "redis"])
        #expect(try await watched.monitoring.series(of: "backup_verification_failed").allSatisfy { $0.value == 0 })
    }

    /// The newest file is damaged on the disk, and the service verifies it.
    private func expectDamage(_ watched: WatchedService) async throws -> [ScriptedPagerDuty.Event] {
        let dump = try await watched.admin.newestDump(of: "postgres")
        try await Command("dd", ["if=/dev/zero", "of=\(dump)", "bs=1", "count=64", "seek=100000", "conv=notrunc"]).output()
        let id = try #require(dump.lastComponent?.string.dropFirst("postgres-".count).prefix { $0 != "." })
        try await watched.order(#"{"kind":"verification","point":"\#(id)"}"#)
        try await watched.monitoring.series(of: "backup_verification_failed") { series in
            series.contains { $0.value == 1 && $0.labels["target"] == "postgres" }
        }
        try await watched.monitoring.alert("BackupVerificationFailed")
        let lines = try await watched.finds(#"docker compose logs backup-service | grep -i "verify\|verification""#)
        #expect(lines.contains { $0.contains("CRITICAL: Backup verification failed: ") }, "\(lines)")
        let byHand = try await watched.types("call-center-admin db verify-backup $BACKUPS/latest.sql.gz")
        #expect(byHand.status == 3)
        let pages = try await watched.pages()
        #expect(pages.allSatisfy { $0.eventAction == "trigger" && $0.payload?.severity == "critical" }, "\(pages)")
        return pages
    }
}

extension [Monitoring.Series] {
    /// Of `backup_status`.
    func targets(withStatus status: String) -> [String] {
        filter { $0.labels["status"] == status && $0.value == 1 }.compactMap { $0.labels["target"] }.sorted()
    }
}

extension AdminProgram {
    /// Takes a backup on a day that has passed: its record, its names and the times of its files are of then.
    func backup(_ database: String, hoursAgo hours: Int) async throws {
        var context = context(hoursAgo: hours)
        context.environment["DATABASE_URL"] = server.url(database: database)
        let assembly = try Assembly(try await BackupConfiguration.load(context: context), context: context)
        #expect(try await assembly.backUp { _ in }.failure == nil)
        try await Command("bash", ["-c", "touch -h -d '\(hours) hours ago' \"$1\"/*", "touch", folder.string]).output()
    }
}
