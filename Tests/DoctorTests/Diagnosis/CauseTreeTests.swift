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
        #expect(found.first?.consequences.map(\.code) == [.failed, .failed, .diskGrowth])
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

    @Test("No link of the table leads from an effect to its cause")
    func noCircles() {
        for link in CauseLink.all where link.causes != [.configurationInvalid] {
            for effect in link.effects { #expect(link.causes.contains { $0.rank < effect.rank }, "\(effect) of \(link)") }
        }
    }
}
