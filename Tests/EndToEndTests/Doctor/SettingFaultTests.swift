import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, settings and keys", .timeLimit(.minutes(10)))
struct SettingFaultTests {
    @Test("Settings that nobody can use, or that mean nothing: what is wrong is named, and once it is right all is well")
    func settings() async throws {
        try await withLaboratory { lab in
            let bad: [(CatalogueFault, String, String)] = [
                (.scheduleWrong, "BACKUP_SCHEDULE", "daily at 2"), (.redisURLMalformed, "REDIS_URL", "redis//localhost"),
                (.zoneUnknown, "BACKUP_TIMEZONE", "Mars/Olympus"), (.retentionMalformed, "BACKUP_RETENTION_DAYS", "many"),
                (.noStore, "BACKUP_DIR", "none"), (.syncScheduleWrong, "BACKUP_SYNC_SCHEDULE", "61 * * * *"),
                (.addressMalformed, "BACKUP_HTTP", "everywhere"), (.formatUnknown, "BACKUP_FORMAT", "zip"),
            ]
            for (fault, name, value) in bad { try await named(fault, [name: value], name, lab) }
            // Each of them alone could be used.
            let contradiction = ["BACKUP_S3_BUCKET": "backups", "BACKUP_S3_LOCK_DAYS": "3"]
            try await named(
                .settingsContradict, contradiction, "BACKUP_S3_LOCK_DAYS in the environment is set without BACKUP_S3_LOCK_MODE", lab)
            try await named(.settingMisspelt, ["BACKUP_SCHEDUL": "0 2 * * *"], "did you mean BACKUP_SCHEDULE?", lab)
        }
    }

    /// As whoever has just installed it sees it. The folder of whoever looks is an empty one.
    @Test("Where nobody has set anything that is all that is said")
    func nothing() async throws {
        try await withLaboratory { lab in
            try await withTemporaryFolder { home in
                let names = Set(lab.admin.command([]).environment.keys).union(ProcessInfo.processInfo.environment.keys)
                let ours = names.filter { name in
                    ["BACKUP_", "PG", "POSTGRES_", "REDIS", "DATABASE_", "AWS_", "GOOGLE_", "PAGERDUTY_"].contains { name.hasPrefix($0) }
                }
                var nothing = [String: String?](uniqueKeysWithValues: ours.map { ($0, String?.none) })
                for name in ["HOME", "XDG_STATE_HOME"] { nothing[name] = .some(home.string) }
                let alone = try await solitude(lab)
                let finding = try await lab.expect(.nothingConfigured, nothing, as: alone)
                let findings = try await lab.doctor(nothing, as: alone).findings
                #expect(findings.count == 1)
                try await lab.follow(finding)
            }
        }
    }

    /// What has a program called where nobody else's server answers: nothing is set, and the doctor looks where servers are as a rule.
    private func solitude(_ lab: Laboratory) async throws -> [String] {
        if FileManager.default.fileExists(atPath: "/backups") { try Test.cancel("this machine has a folder /backups") }
        let network = #"ip link set lo up && exec "$@""#
        let mayLeave = try await lab.types("unshare -n bash -c '\(network)' alone true").status == 0
        if mayLeave { return ["unshare", "-n", "bash", "-c", network, "alone"] }
        let isAlone = try await lab.types("! (exec 3<>/dev/tcp/localhost/5432)").status == 0
        if !isAlone { try Test.cancel("somebody answers at localhost:5432, and only root can look away from that, with ip(8)") }
        return []
    }

    /// A person puts it right; the commands are typed then.
    private func named(_ fault: CatalogueFault, _ environment: [String: String?], _ words: String, _ lab: Laboratory) async throws {
        let finding = try await lab.expect(fault, environment)
        #expect(finding?.evidence?.contains(words) == true, "\(finding as Any)")
        #expect(finding?.remedy.commands.first?.hasPrefix("call-center-admin config ") == true, "\(finding as Any)")
        try await lab.follow(finding?.sparing("backup-service --check"), failing: ["call-center-admin config check"])
    }

    @Test("A file of settings that others may read is closed; keys that open nothing are told from backups that are damaged")
    func keys() async throws {
        try await withLaboratory { lab in
            try await secrets(lab)
            try await withTemporaryFolder { folder in
                let (own, other) = (folder.appending("own.key").string, folder.appending("other.key").string)
                let made = try await lab.admin.command("key", "generate", own).output()
                try await lab.admin.command("key", "generate", other).output()
                let recipient = try #require(made.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("age1") })
                let sealing: [String: String?] = ["BACKUP_AGE_RECIPIENTS": String(recipient), "BACKUP_AGE_IDENTITY_FILE": own]
                #expect(try await lab.types("call-center-admin db backup", with: sealing).status == 0)
                try await lab.expectHealth(sealing)
                try await foreignIdentity(lab, sealing, other)
                try await nobodysIdentity(lab, sealing, other)
                try await openIdentity(lab, sealing, own)
                try await recipientsGone(lab, sealing)
                let missing = try await lab.expect(.identityMissing, sealing.merging(["BACKUP_AGE_IDENTITY_FILE": "/no/such.key"]) { $1 })
                // It is out of a vault that it comes back; the command says whether it is the right one.
                try await lab.follow(missing, with: sealing)
            }
        }
    }

    private func secrets(_ lab: Laboratory) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("env").string
            try await Command("bash", ["-c", #"echo "REDIS_PASSWORD=right" > "$0" && chmod 644 "$0""#, file]).output()
            let environment: [String: String?] = ["BACKUP_ENV_FILE": file, "REDIS_URL": lab.redis.url()]
            try await lab.follow(try await lab.expect(.secretReadable, environment), with: environment)
        }
    }

    /// The right one is named in the settings again, as the words have it; the new one is for the case that there is none any more.
    private func foreignIdentity(_ lab: Laboratory, _ sealing: [String: String?], _ other: String) async throws {
        let finding = try await lab.expect(.identityForeign, sealing.merging(["BACKUP_AGE_IDENTITY_FILE": other]) { $1 })
        #expect(finding?.remedy.all.last == "call-center-admin key generate \(other).new", "\(finding as Any)")
        try await lab.follow(finding, choosing: "lost for ever", with: sealing)
        #expect(try await Command("ls", ["\(other).new"]).outcome().status == 0)
    }

    private func openIdentity(_ lab: Laboratory, _ sealing: [String: String?], _ own: String) async throws {
        try await Command("chmod", ["644", own]).output()
        let finding = try await lab.expect(.identityOpen, sealing)
        #expect(finding?.remedy.commands.first == "chmod 600 \(own)")
        try await lab.follow(finding, with: sealing)
    }

    /// They are set again by whoever reads it.
    private func recipientsGone(_ lab: Laboratory, _ sealing: [String: String?]) async throws {
        let finding = try await lab.expect(.recipientsRemoved)
        #expect(finding?.evidence?.hasSuffix("BACKUP_AGE_RECIPIENTS is not set") == true, "\(finding as Any)")
        try await lab.follow(finding?.sparing("backup-service --check"), choosing: "set again", with: sealing)
    }

    /// A backup that was taken and could not be opened for its check is whole: nobody is told to take another one.
    private func nobodysIdentity(_ lab: Laboratory, _ sealing: [String: String?], _ other: String) async throws {
        let right = sealing.merging(["BACKUP_VERIFY_LEVEL": "content"]) { $1 }
        let wrong = right.merging(["BACKUP_AGE_IDENTITY_FILE": other]) { $1 }
        #expect(try await lab.types("call-center-admin db backup", with: wrong).status == 3)
        let finding = try await lab.expect(.identityOfNobody, wrong)
        #expect(finding?.remedy.commands.contains { $0.contains("db backup") } == false, "\(finding as Any)")
        // With the right identity, as the remedy says.
        try await lab.carryOut(finding, "call-center-admin key check", with: right)
        #expect(try await lab.types("call-center-admin db verify-backup latest", with: right).status == 0)
        try await lab.expectHealth(right)
    }
}
