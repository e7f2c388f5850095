import BackupTestKit
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, whose service it is and whose lock", .timeLimit(.minutes(10)))
struct ServiceKinshipTests {
    /// Of an installation whose service is missed, though it has never run.
    private func settings(_ lab: Laboratory, _ more: [String: String] = [:]) throws -> [String: String] {
        let planned = ["BACKUP_SCHEDULE": "0 2 * * *", "BACKUP_MANAGED_BY": "bare"]
        return try lab.serviceSettings().merging(planned) { $1 }.merging(more) { $1 }
    }

    private func begin(_ lab: Laboratory, _ settings: [String: String]) async throws {
        try await lab.does("nohup backup-service >>service.log 2>&1 &", with: settings)
        try await lab.awaitService(settings)
    }

    @Test("The service of another installation that has the address is not taken for ours")
    func another() async throws {
        try await withLaboratory { lab in
            let ours = try settings(lab)
            try await begin(lab, ours.merging(["BACKUP_STATE_DIR": "\(lab.admin.folder)/../elsewhere"]) { $1 })
            try await lab.wait(for: CatalogueFault.serviceElsewhere.expected.code, ours)
            let finding = try await lab.expect(.serviceElsewhere, ours)
            try await lab.carryOut(finding, "ss", with: ours)
            // Somebody has it give the address up.
            try await lab.endService()
            try await lab.carryOut(finding, "nohup", with: ours)
            try await lab.awaitService(ours)
            try await lab.awaitHealth(ours)
            try await lab.endService()
        }
    }

    @Test("A service without a channel of alerts is told, and then that it has not read the one that was set; it reads it and goes on")
    func outdated() async throws {
        try await withLaboratory { lab in
            try await withTemporaryFolder { folder in
                let file = folder.appending("env").string
                var ours = try settings(lab, ["BACKUP_ENV_FILE": file])
                ours["BACKUP_ESCALATION_DEVOPS"] = nil
                try await lab.does("(umask 077; echo BACKUP_RETENTION_DAYS=30 >\(file))")
                try await begin(lab, ours)
                try await lab.wait(for: CatalogueFault.channelsMissing.expected.code, ours)
                let silent = try await lab.expect(.channelsMissing, ours)
                #expect(silent?.remedy.words.contains("BACKUP_WEBHOOK_URL") == true && silent?.remedy.words.contains(file) == true)
                let service = try await lab.types("pgrep -x backup-service").output
                try await lab.does("echo BACKUP_ESCALATION_DEVOPS=\(Laboratory.pager) >>\(file)")
                try await lab.wait(for: CatalogueFault.settingsChanged.expected.code, ours)
                let finding = try await lab.expect(.settingsChanged, ours)
                try await lab.carryOut(finding, "BACKUP_ENV_FILE=\(file) backup-service --check", with: ours)
                try await lab.awaitHealth(ours)
                #expect(try await lab.types("pgrep -x backup-service").output == service)
                try await lab.endService()
            }
        }
    }

    @Test("One that has stopped is missed where its history was put aside, as somebody has set a schedule")
    func forgotten() async throws {
        try await withLaboratory { lab in
            let ours = try settings(lab)
            try await Command("bash", ["-c", #"mv "$0/../state" "$0/../aside""#, lab.admin.folder.string]).output()
            let finding = try await lab.expect(.historyPutAside, ours)
            try await lab.carryOut(finding, "mkdir", with: ours)
            try await lab.awaitService(ours)
            try await lab.does("call-center-admin db backup", with: ours)
            try await lab.awaitHealth(ours)
            try await lab.endService()
        }
    }

    @Test("A program or a session that holds the lock of runs, and is no run, is named, and ended where nobody needs it")
    func locks() async throws {
        try await withLaboratory { lab in
            let program = Command("flock", ["-F", "\(lab.admin.folder)/../state/backup.lock", "sleep", "600"])
            _ = try await program.outcome { _ in
                try await lab.wait(for: CatalogueFault.lockTaken.expected.code)
                let finding = try await lab.expect(.lockTaken)
                #expect(finding?.evidence?.hasPrefix("sleep, process ") == true, "\(finding as Any)")
                #expect(try await lab.types("call-center-admin db backup").status == 7)
                try await lab.carryOut(finding, "ps")
                try await lab.carryOut(finding, "kill")
            }
            try await lab.awaitHealth([:])
            let lock = "SELECT pg_advisory_lock(-712914534328673496), pg_sleep(600)"
            let session = lab.postgres.command("psql", ["-X", "-d", Laboratory.database, "-c", lock])
            _ = try await session.outcome { _ in
                try await lab.wait(for: CatalogueFault.advisoryLockTaken.expected.code)
                let finding = try await lab.expect(.advisoryLockTaken)
                #expect(finding?.evidence?.hasPrefix("psql, ") == true, "\(finding as Any)")
                #expect(try await lab.types("call-center-admin db backup").status == 7)
                try await lab.carryOut(finding, "psql", "pg_stat_activity")
                try await lab.carryOut(finding, "psql", "pg_terminate_backend")
            }
            try await lab.awaitHealth([:])
        }
    }
}
