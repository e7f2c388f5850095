import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Causes and consequences")
struct CauseTreeTests {
    private func found(_ change: (inout Examination) -> Void) -> [Diagnosis] {
        var facts = Healthy.examination
        change(&facts)
        return Diagnose()(facts)
    }

    private func down(_ facts: inout Examination) {
        facts.postgres?.server = .troubled(Trouble(.notListening, "cannot connect to localhost:5432: connection refused"))
    }

    @Test(
        "What keeps us out of PostgreSQL and what keeps us out of Redis are two findings, PostgreSQL's first", arguments: Fault.postgresDoor
    )
    func bothServers(_ postgres: Fault) {
        for redis in Fault.redisDoor {
            let found = Diagnose()(redis.examination(after: postgres.examination))
            #expect(found.map(\.code) == [postgres.code, redis.code])
            #expect(found.map(\.team) == [postgres.team, redis.team] && found.allSatisfy(\.consequences.isEmpty))
        }
    }

    @Test("One backup that failed for both of them is told under the one it failed for, and none is told alone")
    func bothFailed() {
        let found = found { facts in
            down(&facts)
            facts.redis = RedisCondition(servers: .troubled(Trouble(.notListening, "cannot connect to localhost:6379")))
            facts.fail(.sourceUnreachable, "cannot connect to localhost:5432", .postgres, .redis)
            facts.wait(.postgres, .redis)
        }
        #expect(found.map(\.code) == [.postgresDown, .redisDown])
        #expect(found.flatMap(\.consequences).contains { $0.code == .failed })
    }

    private func unmade(_ facts: inout Examination, _ kind: Trouble.Kind) {
        facts.process?.answer = .nobody
        facts.stateObstacle = Trouble(kind, "/var/lib/b is not there, and cannot be made in /var/lib")
    }

    @Test("A state folder that nobody can make keeps the service from beginning; what one account may not make says nothing of another")
    func unmadeFolder() {
        let impossible = found { unmade(&$0, .invalid) }
        #expect(impossible.map(\.code) == [.stateFolder] && impossible.first?.consequences.map(\.code) == [.serviceStopped])
        let denied = found { unmade(&$0, .denied) }
        #expect(Set(denied.map(\.code)) == [.stateFolder, .serviceStopped])
        let another = found { facts in
            unmade(&facts, .denied)
            facts.surroundings.looksAsAnother = true
        }
        #expect(another.map(\.code) == [.serviceStopped])
    }

    @Test("A bucket that is silent is no reason for what is wrong with the state folder")
    func bucketAndStateFolder() {
        let found = found { facts in
            facts.stores[1].holdings = .troubled(Trouble(.silent, "s3://backups did not answer within 5 s"))
            facts.history = Trouble(.silent, "the history of runs did not answer within 5 s")
        }
        #expect(Set(found.map(\.code)).isSuperset(of: [.storeSilent, .stateFolder]), "\(found)")
    }

    @Test("The failed run and the missing backup are told under the server that is down")
    func postgresDown() throws {
        let found = found { facts in
            down(&facts)
            facts.fail(.sourceUnreachable, "cannot connect to localhost:5432", .postgres)
            facts.wait(.postgres)
        }
        #expect(found.map(\.code) == [.postgresDown])
        #expect(found.first?.consequences.map(\.code) == [.failed, .overdue])
    }

    @Test("A run that failed for another reason is told by itself")
    func otherReason() {
        let found = found { facts in
            down(&facts)
            facts.fail(.permissionDenied, "the role backup may not read public.calls", .postgres)
        }
        #expect(found.map(\.code) == [.postgresDown, .failed])
    }

    @Test("What became of Redis does not come of PostgreSQL")
    func otherTarget() {
        let found = found { facts in
            down(&facts)
            facts.fail(.sourceUnreachable, "cannot connect to localhost:6379", .redis)
        }
        #expect(found.map(\.code) == [.postgresDown, .failed])
        #expect(found.first?.consequences.isEmpty == true)
    }

    @Test("A full disk accounts for the run that had no room")
    func diskFull() {
        let found = found { facts in
            facts.service?.disks[0].freeBytes = 100_000_000
            facts.fail(.outOfSpace, "no space left on the disk", .postgres, .redis)
        }
        #expect(found.map(\.code) == [.diskFull])
        #expect(found.first?.consequences.map(\.code) == [.diskGrowth, .failed, .failed])
    }

    @Test("A run that failed as the disk would be too full fails again: nothing says that the disk has room now")
    func diskLimit() {
        let found = found { facts in
            facts.service?.disks[0].bytes = 4_000_000_000
            facts.service?.disks[0].freeBytes = 1_200_000_000
            facts.stores.removeLast()
            facts.fail(.outOfSpace, "the disk of /backups is too full for a backup", .postgres, .redis)
        }
        #expect(found.map(\.code) == [.diskGrowth])
        #expect(found.first?.consequences.map(\.code) == [.failed, .failed])
    }

    @Test("A lost file accounts for the link that leads to it")
    func lostFile() {
        let key = "call_center-\(Healthy.id).sql.gz"
        let found = found { facts in
            facts.change(holdings: { holdings in
                holdings.points = [Healthy.point(lost: [key])]
                holdings.links[0].isDangling = true
            })
        }
        #expect(found.map(\.code) == [.artifactMissing])
        #expect(found.first?.consequences.map(\.code) == [.linkDangling])
    }

    @Test("A stopped service accounts for the backup that is overdue")
    func serviceStopped() {
        let found = found { facts in
            facts.process = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: true)
            facts.wait(.postgres, .redis)
        }
        #expect(found.map(\.code) == [.serviceStopped])
        #expect(found.first?.consequences.map(\.code) == [.overdue, .overdue])
    }

    @Test("Two causes are both told, and a warning that has a failure under it is as bad as the failure")
    func twoCauses() {
        let found = found { facts in
            facts.configuration.openFiles = [OpenFile(path: "/srv/.env", mode: 0o644)]
            facts.redis = RedisCondition(servers: .troubled(Trouble(.credentials, "WRONGPASS")))
            facts.stores[1].holdings = .troubled(Trouble(.credentials, "SignatureDoesNotMatch"))
            facts.fail(.storeFailed, "cannot store call_center.sql.gz: SignatureDoesNotMatch", .postgres)
        }
        #expect(found.map(\.code) == [.storeCredentials, .redisPassword, .secretReadable])
        #expect(found.map(\.gravity) == [.critical, .critical, .warning])
    }

    @Test(
        "A setting that means nothing and may name the stores accounts for what is missing there; one of another kind does not",
        arguments: [
            ("BACKUP_DRI in /srv/.env is not a setting of this version; did you mean BACKUP_DIR?", true),
            ("BACKUP_NONSENSE in /srv/.env is not a setting of this version", true),
            ("BACKUP_SCHEDUL in the environment is not a setting; did you mean BACKUP_SCHEDULE?", false),
        ])
    func misspelt(_ warning: String, _ isCause: Bool) throws {
        let found = found { facts in
            facts.configuration.warnings = [warning]
            facts.stores[0].holdings = .troubled(Trouble(.folderMissing, "there is no folder /backups"))
            facts.service?.points[0].copies.removeFirst()
        }
        #expect(found.first?.code == (isCause ? .settingUnknown : .folderMissing))
        #expect(found.first?.gravity == .critical)
        if isCause { #expect(found.first?.consequences.map(\.code) == [.folderMissing, .missingCopies]) }
    }

    /// As the history has it.
    private func die(_ facts: inout Examination) {
        facts.fail(.failed, "its process ended without a word: killed, out of memory, or the machine went down", .postgres, .redis)
        facts.stores[0].folder?.unfinishedFiles = [".call_center-20260214T030000Z.sql.gz.partial-17-1"]
    }

    @Test("A run that was killed is one finding: both targets, and what it has left")
    func killed() {
        let found = found { die(&$0) }
        #expect(found.map(\.code) == [.failed])
        #expect(found.first?.consequences.map(\.code) == [.failed, .leftovers])
    }

    @Test("It was killed with the service where that is not running")
    func killedWithService() {
        let found = found { facts in
            die(&facts)
            facts.process = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: true)
        }
        #expect(found.map(\.code) == [.serviceStopped])
        #expect(found.first?.consequences.map(\.code) == [.failed, .failed, .leftovers])
    }

    @Test("Leftovers of another run are told by themselves")
    func otherLeftovers() {
        let found = found { facts in
            facts.fail(.failed, "the server closed the connection", .postgres)
            facts.stores[0].folder?.unfinishedFiles = [".call_center-20260214T030000Z.sql.gz.partial-17-1"]
        }
        #expect(found.map(\.code) == [.failed, .leftovers])
    }

    @Test("No link of the table leads from an effect to its cause")
    func noCircles() {
        for link in CauseLink.all where link.causes != [.configurationInvalid] {
            for effect in link.effects { #expect(link.causes.contains { $0.rank < effect.rank }, "\(effect) of \(link)") }
        }
    }
}
