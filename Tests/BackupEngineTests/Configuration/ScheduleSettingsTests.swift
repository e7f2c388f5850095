import BackupCatalog
import BackupModel
import Testing

@testable import BackupEngine

@Suite("Settings of the schedule")
struct ScheduleSettingsTests {
    private func settings(_ environment: [String: String]) async throws -> ScheduleSettings {
        var found: ScheduleSettings?
        try await withMachine(environment: environment) { found = try await $0.load().schedule }
        return try #require(found)
    }

    @Test("Without any: daily at two, retention after each backup, reverification at five, hourly sync, in UTC")
    func standards() async throws {
        let settings = try await settings([:])
        #expect(settings.zone == .utc)
        #expect(settings.backup?.expression.description == "0 2 * * *")
        #expect(settings.prunesAfterBackup && settings.pruning == nil)
        #expect(settings.reverification?.expression.description == "0 5 * * *")
        #expect(settings.sync?.expression.description == "15 * * * *")
        #expect(settings.catchesUp && settings.jitter == .zero && settings.grace == .seconds(7200))
        #expect(settings.retry == RetryRules(count: 3, delay: .seconds(300), longestDelay: .seconds(3600)))
    }

    @Test("none schedules nothing, and the word of one setting means nothing to another")
    func none() async throws {
        let settings = try await settings(["BACKUP_SCHEDULE": "none", "BACKUP_PRUNE_SCHEDULE": "none", "BACKUP_SYNC_SCHEDULE": "none"])
        #expect(settings.backup == nil && settings.pruning == nil && !settings.prunesAfterBackup && settings.sync == nil)
        let error = await #expect(throws: BackupError.self) { try await self.settings(["BACKUP_SCHEDULE": "after-backup"]) }
        #expect(error?.message.contains("there is 1 field where five belong") == true)
    }

    @Test(
        "The zone is the one that is set, else the process's own, else UTC",
        arguments: [
            (["TZ": "Europe/Berlin"], "Europe/Berlin"), (["TZ": ":America/New_York"], "America/New_York"), (["TZ": "CET-1CEST"], "UTC"),
            (["TZ": "Europe/Berlin", "BACKUP_TIMEZONE": "Australia/Lord_Howe"], "Australia/Lord_Howe"),
        ])
    func zone(environment: [String: String], expected: String) async throws {
        try await withMachine(environment: environment) { machine in
            let configuration = try await machine.load()
            #expect(configuration.schedule.zone.name == expected)
            #expect(configuration.settings.first { $0.setting.name == "BACKUP_TIMEZONE" }?.value == expected)
            #expect(configuration.retention.policy(ofStore: "/backups").zone.name == expected)
        }
    }

    @Test("Everything wrong is said at once, with where it was set")
    func errors() async throws {
        let environment = [
            "BACKUP_SCHEDULE": "0 25 * * *", "BACKUP_TIMEZONE": "Europe/Berlino", "BACKUP_PRUNE_SCHEDULE": "weekly",
            "BACKUP_RETRY_COUNT": "-1", "BACKUP_CATCH_UP": "maybe",
        ]
        let error = await #expect(throws: BackupError.self) { try await self.settings(environment) }
        #expect(error?.code == .invalidConfiguration)
        let lines = [error?.message ?? ""] + (error?.others ?? [])
        #expect(lines.count == 5)
        #expect(
            lines[0]
                == "BACKUP_SCHEDULE is “0 25 * * *” in the environment, which is no schedule: in the field hour: 25 is not from 0 to 23")
        #expect(lines[1] == "BACKUP_TIMEZONE is “Europe/Berlino” in the environment, which is no time zone this machine knows")
    }

    @Test("The jobs of a host: sync only where there are several stores, the backup first")
    func jobs() async throws {
        try await withMachine(environment: ["REDIS_URL": "redis://localhost", "BACKUP_JITTER": "10min"]) { machine in
            let configuration = try await machine.load()
            let schedule = configuration.schedule(of: "db1")
            #expect(schedule.jobs.map(\.kind) == [.backup, .pruning, .reverification])
            var two = configuration
            two.s3 = try await machine.load(flags: ["BACKUP_S3_BUCKET": FlagValue("", "backups"), "AWS_REGION": FlagValue("", "eu-west-1")])
                .s3
            #expect(two.schedule(of: "db1").jobs.map(\.kind) == [.backup, .pruning, .sync, .reverification])
            #expect(schedule.jobs[0].targets == [.postgres, .redis])
            #expect(schedule.jobs[0].delay == HostDelay(of: "db1", below: .seconds(600)).delay)
            #expect(schedule != configuration.schedule(of: "db2"))
        }
    }
}
