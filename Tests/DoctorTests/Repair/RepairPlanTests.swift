import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("What the doctor can do by himself")
struct RepairPlanTests {
    private func plan(_ change: (inout Examination) -> Void) -> RepairPlan {
        var facts = Healthy.examination
        change(&facts)
        return RepairPlan(DoctorReport(facts))
    }

    private func steps(_ change: (inout Examination) -> Void) -> [Repair] { plan(change).steps.map(\.repair) }

    @Test("Nothing where nothing is wrong")
    func healthy() {
        #expect(steps { _ in } == [])
    }

    @Test("A full disk is pruned where the rules let something go, and the backup that failed for it is taken again")
    func fullDisk() {
        let full: (inout Examination) -> Void = { facts in
            facts.service?.disks[0].freeBytes = 5_000_000_000
            facts.fail(.outOfSpace, "the disk of /backups is 95 % full", .postgres)
        }
        #expect(steps(full) == [])
        let found = plan { facts in
            full(&facts)
            facts.service?.stores[0].retention = RetentionPlan(decisions: [.init(id: Healthy.id, isKept: false, reasons: [])])
        }
        #expect(found.steps.map(\.repair) == [.prune, .backUp])
        #expect(found.steps.map(\.findings) == [[.diskFull], [.failed]])
    }

    @Test("What comes of a cause nobody here can mend is left alone")
    func hopeless() {
        let found = steps { facts in
            facts.postgres?.server = .troubled(Trouble(.notListening, "connection refused"))
            facts.fail(.sourceUnreachable, "connection refused", .postgres)
            facts.stores[0].folder?.openFiles = [OpenFile(path: "a.sql.gz", mode: 0o644)]
        }
        #expect(found == [.closeFiles(store: "/backups")])
    }

    @Test("No backup is begun while somebody else holds the lock of runs")
    func locked() {
        let late: (inout Examination) -> Void = { $0.wait(.postgres) }
        #expect(steps(late) == [.backUp])
        #expect(
            steps { facts in
                late(&facts)
                facts.lockStranger = RunningProcess(id: 4711, calledBy: ["/usr/bin/rsync"])
            } == [])
        #expect(
            steps { facts in
                facts.fail(.failed, "the server closed the connection", .postgres)
                facts.change(contents: { $0.lockStranger = LockSession(process: "4711", application: "psql") })
            } == [])
    }

    @Test("A lost file is copied from another store, and taken anew where there is none")
    func lostFile() {
        let key = "call_center-\(Healthy.id).sql.gz"
        let lost: (inout Examination) -> Void = { $0.change(holdings: { $0.points = [Healthy.point(lost: [key])] }) }
        #expect(steps(lost) == [.sync])
        #expect(
            steps { facts in
                lost(&facts)
                facts.stores.removeLast()
            } == [.backUp])
    }

    @Test("A copy that is there and damaged is not replaced by a sync, and none is offered")
    func damagedCopy() {
        #expect(steps { $0.service?.points[0].copies[1].condition = .verificationFailed } == [])
        #expect(steps { $0.service?.points[0].copies[1].condition = .missingFiles } == [.sync])
    }

    @Test("Nothing is copied or removed while a setting means nothing: it may have named another place")
    func misspelt() {
        let missing: (inout Examination) -> Void = { facts in
            facts.service?.points[0].copies.removeLast()
            facts.service?.disks[0].freeBytes = 5_000_000_000
            facts.service?.stores[0].retention = RetentionPlan(decisions: [.init(id: Healthy.id, isKept: false, reasons: [])])
        }
        #expect(steps(missing) == [.prune, .sync])
        #expect(
            steps { facts in
                missing(&facts)
                facts.configuration.warnings = ["BACKUP_SCHEDUL in /srv/.env is not a setting; did you mean BACKUP_SCHEDULE?"]
            } == [])
    }

    @Test("Where every backup is gone nothing is done: the disk may not be mounted")
    func gone() {
        let found = steps { facts in
            for place in facts.stores.indices { facts.stores[place].holdings = .known(.init()) }
            facts.service?.points = []
            facts.wait(.postgres, .redis)
        }
        #expect(found == [])
    }

    @Test("Links follow the newest backup where there is a sound one")
    func links() {
        let dangling: (inout Examination) -> Void = { $0.change(holdings: { $0.links[0].isDangling = true }) }
        #expect(steps(dangling) == [.link(store: "/backups")])
        #expect(
            steps { facts in
                dangling(&facts)
                facts.change(holdings: { $0.points = [] })
            } == [])
    }

    @Test("A damaged catalog is read anew for stores that are far away, and for no folder")
    func catalog() {
        let unreadable = [UnreadableManifest(key: "\(Healthy.id).json", reason: "it is no JSON")]
        #expect(steps { $0.change(holdings: { $0.unreadable = unreadable }) } == [])
        #expect(steps { $0.stores[1].holdings = .known(.init(points: [Healthy.point()], unreadable: unreadable)) } == [.rebuildCatalog])
    }

    @Test("A stopped service is started where systemd has it on this machine")
    func service() {
        let unit = "call-center-backup"
        let stopped = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: true)
        #expect(steps { $0.process = stopped } == [])
        #expect(
            steps { facts in
                facts.process = stopped
                facts.process?.unit = unit
            } == [.startService(unit: unit)])
    }

    @Test("Where nothing but a shell starts it, the program beside ours is started, unless what it wrote would belong to somebody else")
    func program() {
        let path = "/usr/local/bin/backup-service"
        let stopped: (inout Examination) -> Void = { facts in
            facts.process = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: true)
            facts.process?.program = path
        }
        #expect(steps(stopped) == [.startProgram(path: path, log: #""$HOME/backup-service.log""#)])
        #expect(
            steps { facts in
                stopped(&facts)
                facts.stores[0].folder?.owner = 10_001
            } == [])
    }

    @Test("It is shown with the settings that it is started with")
    func settings() {
        let found = steps { facts in
            facts.process = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: true)
            facts.process?.program = "/p"
            facts.surroundings.settingFiles = ["BACKUP_ENV_FILE=/srv/env"]
        }
        #expect(found.first?.command == #"BACKUP_ENV_FILE=/srv/env nohup /p >>"$HOME/backup-service.log" 2>&1 &"#)
    }

    @Test("Nobody starts a service where somebody else has its address")
    func stranger() {
        let found = steps { facts in
            facts.process = ProcessCondition(
                .stranger("404 (nginx)"), place: "127.0.0.1:8085", isExpected: true, unit: "call-center-backup")
        }
        #expect(found == [])
    }

    @Test("Files are given back by root alone, and settings and leftovers are seen to")
    func rights() {
        let foreign: (inout Examination) -> Void = { $0.stores[0].folder?.foreignFiles = ["a.sql.gz"] }
        #expect(steps(foreign) == [.returnFiles(store: "/backups")])
        #expect(steps { $0.configuration.openFiles = [OpenFile(path: "/srv/.env", mode: 0o644)] } == [.closeSettings(path: "/srv/.env")])
        #expect(steps { $0.stores[0].folder?.unfinishedFiles = [".a.partial-1-1"] } == [.removeLeftovers])
        #expect(
            steps { facts in
                foreign(&facts)
                facts.stores[0].folder?.owner = 1000
                facts.stores[0].folder?.user = 1000
            } == [])
    }

    @Test("Where the folder belongs to somebody else nothing is written that would then be ours, and he is named")
    func foreignFolder() throws {
        let found = plan { facts in
            facts.stores[0].folder?.owner = 10_001
            facts.stores[0].folder?.openFiles = [OpenFile(path: "a.sql.gz", mode: 0o644)]
            facts.service?.points[0].copies.removeLast()
        }
        #expect(found.steps.map(\.repair) == [.closeFiles(store: "/backups")])
        #expect(try #require(found.reservation).english.contains("sudo -u '#10001' call-center-admin doctor --fix"))
    }

    @Test("What a run that broke off has left is no backup that has lost its manifest")
    func leftovers() {
        let key = "call_center-20260214T030000Z.sql.gz"
        let found = DoctorReport(
            {
                var facts = Healthy.examination
                facts.change(holdings: { $0.orphans = [StoredObject(key: key, bytes: 10, modifiedAt: Healthy.now)] })
                facts.unfinished = .known([key])
                return facts
            }())
        #expect(found.findings.map(\.code) == [.leftovers])
    }

    @Test(
        "Every repair says in both languages what it does",
        arguments: [
            Repair.closeFiles(store: "/b"), .returnFiles(store: "/b"), .openFolder(store: "/b"), .closeSettings(path: "/e"),
            .startService(unit: "u"), .startProgram(path: "/p", log: "/l"), .startStopped(.postgres, command: ["a"]),
            .startStopped(.redis, command: ["a"]), .startStopped(.backup, command: ["a"]), .removeLeftovers, .prune, .rebuildCatalog, .sync,
            .link(store: "/b"),
            .backUp,
        ])
    func words(_ repair: Repair) {
        #expect(!repair.title.english.isEmpty && !repair.title.english.hasSuffix("."))
        #expect(repair.title.russian.contains { ("а"..."я").contains($0) })
        #expect(!repair.code.isEmpty && !(repair.command?.isEmpty ?? false))
    }
}
