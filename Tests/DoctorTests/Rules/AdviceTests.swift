import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("What people are told to do")
struct AdviceTests {
    private func found(_ change: (inout Examination) -> Void) -> [Diagnosis] {
        var facts = Healthy.examination
        change(&facts)
        return Diagnose()(facts)
    }

    private func first(_ change: (inout Examination) -> Void) throws -> Diagnosis {
        let all = found(change)
        return try #require(all.first)
    }

    private let doubtful = Suspicion(reasons: ["the table calls has shrunk by 99 %: 12 rows, from 9,000,000 rows in 20260213T020000Z"])

    @Test("A doubted backup is compared with the last good one, which is pinned, before anybody accepts it")
    func suspicious() throws {
        let good = Healthy.remembered(daysAgo: 1)
        let findings = found { facts in
            facts.service?.points[0].manifest.suspicion = doubtful
            facts.service?.points.append(good)
            facts.service?.stores[0].retention.freezes = [
                .init(reason: "nothing is removed while a backup is suspicious: \(Healthy.id)", hint: "")
            ]
        }
        let finding = try #require(findings.first)
        #expect(findings.count == 1 && finding.consequences.map(\.code) == [.retentionFrozen])
        #expect(
            finding.remedy.commands == [
                "call-center-admin db show \(Healthy.id)", "call-center-admin db restore \(good.id) --into look_back",
                "call-center-admin db pin \(good.id)",
            ])
        let acceptance = try #require(finding.remedy.alternatives.first)
        #expect(acceptance.commands == ["call-center-admin db accept \(Healthy.id)"])
        #expect(acceptance.condition.english.contains("somebody knows why"))
    }

    @Test("Where the disk is damaged the newest backup that is verified and not doubted is kept, by its ID")
    func checksums() throws {
        let good = Healthy.remembered(daysAgo: 1)
        let damaged: (inout Examination) -> Void = { $0.change(server: { $0.checksumFailures = [("call_center", 2)] }) }
        let newest = try first(damaged)
        #expect(newest.code == .checksumFailures && newest.remedy.commands.first == "call-center-admin db pin \(Healthy.id)")
        let before = try first { facts in
            damaged(&facts)
            facts.service?.points[0].manifest.verifications = []
            facts.service?.points.append(good)
        }
        #expect(before.remedy.commands.first == "call-center-admin db pin \(good.id)")
        #expect(before.remedy.words.russian.contains("\(good.id)"))
        let all = found { facts in
            damaged(&facts)
            facts.service?.points = []
        }
        let none = try #require(all.first { $0.code == .checksumFailures })
        #expect(none.remedy.commands.first == "call-center-admin db list")
    }

    @Test("Without a good one there is nothing to compare with or to pin")
    func suspiciousAlone() throws {
        let finding = try first { $0.service?.points[0].manifest.suspicion = doubtful }
        #expect(finding.remedy.commands == ["call-center-admin db show \(Healthy.id)"])
        #expect(finding.remedy.alternatives.map(\.commands) == [["call-center-admin db accept \(Healthy.id)"]])
    }

    @Test(
        "A damaged history is put aside by the next backup; rights are put right where they were refused",
        arguments: [
            (Trouble(.other, "the history of runs in /s cannot be used: SQLite error 26: file is not a database"), "db backup", false),
            (Trouble(.other, "cannot be used: SQLite error 11: database disk image is malformed"), "db backup", false),
            (Trouble(.denied, "/s/history.sqlite cannot be looked at: Permission denied"), "config show", true),
            (Trouble(.other, "the history cannot be used: disk I/O error"), "config show", false),
        ])
    func history(_ trouble: Trouble, _ command: String, _ isOfRights: Bool) throws {
        let finding = try first { $0.history = trouble }
        #expect(finding.code == .stateFolder && finding.remedy.commands.first == "call-center-admin \(command)")
        #expect(finding.remedy.words.english.contains("readable and writable") == isOfRights)
    }

    @Test("What a run failed for and is well again is no errand any more: the backup is taken")
    func mended() throws {
        let finding = try first { $0.fail(.sourceUnreachable, "connection refused", .postgres) }
        #expect(finding.code == .failed && finding.remedy.commands == ["call-center-admin db backup"])
        #expect(finding.remedy.words.english.hasPrefix("What it failed for is no longer there (PostgreSQL answers"))
        #expect(finding.evidence?.english.contains("connection refused") == true)
    }

    @Test("What cannot be looked at keeps its advice")
    func unseen() throws {
        let finding = try first { $0.fail(.storeFailed, "cannot store it: 500", .postgres) }
        #expect(finding.code == .failed && finding.remedy.commands == ["call-center-admin storage check"])
    }

    @Test("A full disk from which nothing may go is looked at, not pruned; the copies that are missing come of it")
    func fullDisk() throws {
        let full: (inout Examination) -> Void = { facts in
            facts.service?.disks[0].freeBytes = 5_000_000_000
            facts.service?.points[0].copies.removeLast()
        }
        let kept = try #require(found(full).first)
        #expect(kept.code == .diskFull && kept.consequences.map(\.code) == [.missingCopies])
        #expect(kept.remedy.commands.first == "df -h /backups" && !kept.remedy.commands.contains { $0.contains("prune") })
        let removable = try first { facts in
            full(&facts)
            facts.service?.stores[0].retention = RetentionPlan(decisions: [.init(id: Healthy.id, isKept: false, reasons: [])])
        }
        #expect(removable.remedy.commands.first == "call-center-admin db prune --dry-run")
    }

    @Test("No command has a place to be filled in where the doctor knows what stands there", arguments: Fault.all)
    func placeholders(_ fault: Fault) {
        for command in Diagnose()(fault.examination).flatMap(\.remedy.commands) {
            #expect(!command.hasSuffix(" FILE") && !command.contains("LASTGOOD"), "\(command)")
        }
    }

    @Test("A new key is made beside the one of the settings, which is never overwritten")
    func newKey() throws {
        let trouble = Trouble(.other, "no identity opens call_center.sql.gz.age")
        let alone = try first { $0.keys?.unopened = trouble }
        #expect(alone.remedy.alternatives.map(\.commands) == [["call-center-admin key generate ./identity.txt"]])
        let named = try first { facts in
            facts.keys?.unopened = trouble
            facts.keys?.identityFile = "/etc/restore.key"
        }
        #expect(named.remedy.alternatives.map(\.commands) == [["call-center-admin key generate /etc/restore.key.new"]])
    }

    @Test("A key file that others may read is closed first")
    func openKey() throws {
        let finding = try first { facts in
            facts.keys?.unusable = Trouble(.denied, "permission of the age identity file /etc/a key is too wide: mode 644")
            facts.keys?.identityFile = "/etc/a key"
        }
        #expect(finding.code == .keyUnusable)
        #expect(finding.remedy.commands == [#"chmod 600 "/etc/a key""#, "call-center-admin key check"])
    }

    @Test("A folder that cannot be listed is opened by whoever owns it")
    func closedFolder() throws {
        let finding = try first { facts in
            facts.stores[0].holdings = .troubled(Trouble(.denied, "cannot list /backups: permission denied"))
            facts.stores[0].folder = StoreCondition.Folder(mode: 0o700, owner: 10_001, user: 1_000, mayWrite: false)
        }
        #expect(finding.code == .folderForbidden && finding.cause.english == "the folder /backups cannot be listed")
        #expect(finding.remedy.commands.contains("sudo -u '#10001' chmod u+rwx /backups"))
        #expect(finding.remedy.alternatives.map(\.commands) == [["sudo chown -R 1000 /backups"]])
    }

    /// - Parameter mount: what the table of file systems says of its folder.
    private func emptied(_ manager: Surroundings.Manager, _ mount: StoreCondition.Mount?) throws -> Diagnosis {
        let fault = try #require(Fault.all.first { $0.code == .storeEmptied })
        var facts = fault.examination
        facts.surroundings.manager = manager
        facts.stores[0].folder?.mount = mount
        return try #require(Diagnose()(facts).first)
    }

    @Test("An emptied store whose disk is not mounted is not filled: the disk is mounted")
    func unmounted() throws {
        let finding = try emptied(.systemd, .init(place: "/backups", isMounted: false))
        #expect(finding.remedy.commands == ["mount /backups", "findmnt --target /backups"])
        #expect(finding.remedy.words.english.hasSuffix("copy nothing before."))
        #expect(finding.consequences.map(\.code).contains(.backupsGone))
    }

    @Test("One that is on the disk it should be on is filled from the other store", arguments: [true, false])
    func emptied(isInTable: Bool) throws {
        let finding = try emptied(.systemd, isInTable ? .init(place: "/backups", isMounted: true) : nil)
        #expect(finding.remedy.commands == ["findmnt --target /backups"])
        #expect(finding.remedy.alternatives.map(\.commands) == [["call-center-admin db sync"]])
    }

    @Test("A container sees no table of the machine: there nothing fills it that is typed at once")
    func emptiedInContainer() throws {
        let finding = try emptied(.compose, nil)
        #expect(finding.remedy.commands == ["findmnt --target /backups"])
        #expect(
            finding.remedy.alternatives.map(\.commands) == [
                [
                    "mount -a",
                    "docker compose run --rm -T --no-deps backup-service backup-service --check && docker compose restart backup-service",
                ], ["call-center-admin db sync"],
            ])
        #expect(finding.remedy.alternatives.last?.condition.english.hasSuffix("or the store is meant to begin anew") == true)
    }

    @Test("Backups that are gone with their disk are storage's matter, and nothing is taken or copied before it is mounted")
    func goneWithDisk() throws {
        let finding = try first { facts in
            for place in facts.stores.indices { facts.stores[place].holdings = .known(.init()) }
            facts.service?.points = []
            facts.stores[0].folder?.mount = .init(place: "/backups", isMounted: false)
        }
        #expect(finding.code == .backupsGone && finding.team == .storage)
        #expect(finding.remedy.commands == ["mount /backups", "findmnt --target /backups"])
    }

    @Test("A refusal because of the clock is one of the clock, and not of access")
    func skewed() throws {
        let message = "authentication denied, as the clock of this host is 20 min behind the server's"
        let finding = try first { $0.stores[1].holdings = .troubled(Trouble(.clock, message)) }
        #expect(finding.code == .storeClock && finding.remedy.commands.contains("timedatectl"))
    }

    @Test("Backups of the future show a clock that is behind, and what was never saved comes of it")
    func future() throws {
        let findings = found { facts in
            facts.now = Healthy.slot + .seconds(-86_400)
            facts.service?.now = facts.now
            facts.service?.history = [:]
            facts.service?.stores[0].retention.freezes = [
                .init(reason: "nothing is removed while a backup is of the future: \(Healthy.id) is of 2026-02-14 02:00:00Z", hint: "")
            ]
        }
        let finding = try #require(findings.first)
        #expect(finding.code == .clockWrong && finding.remedy.commands.contains("date -u"))
        #expect(Set(finding.consequences.map(\.code)).isSuperset(of: [.neverSucceeded, .retentionFrozen]))
    }
}
