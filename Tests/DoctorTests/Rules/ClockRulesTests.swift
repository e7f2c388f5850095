import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("A clock that is wrong")
struct ClockRulesTests {
    /// Three days ahead: the last backup seems old, the store refuses what is signed, and what was told seems not to have been.
    private var ahead: Examination {
        var facts = Healthy.examination
        let message = "cannot list s3://call-center-backups: authentication denied, as the clock of this host is 3 d ahead of the server's"
        facts.stores[1].holdings = .troubled(Trouble(.clock, message))
        facts.wait(.postgres, .redis)
        facts.fail(.storeFailed, "cannot store a.sql.gz in s3://call-center-backups: \(message)", .postgres)
        facts.heartbeat = HeartbeatFacts(seen: "20260213T020000Z-00000000")
        return facts
    }

    @Test("Is the cause of backups that seem late and of uploads that are refused")
    func cause() throws {
        let found = Diagnose()(ahead)
        let first = try #require(found.first)
        #expect(found.map(\.code) == [.storeClock] && first.severity == .critical)
        #expect(Set(first.consequences.map(\.code)).isSuperset(of: [.overdue, .failed, .heartbeatMissing]))
    }

    @Test("Nothing is begun before it is set")
    func repair() {
        #expect(RepairPlan(DoctorReport(ahead)).steps.isEmpty)
        var facts = ahead
        facts.service?.disks[0].freeBytes = 5_000_000_000
        facts.service?.stores[0].retention = RetentionPlan(decisions: [.init(id: Healthy.id, isKept: false, reasons: [])])
        #expect(RepairPlan(DoctorReport(facts)).steps.isEmpty)
    }

    @Test(
        "That of PostgreSQL's machine is held against ours, where there is no bucket",
        arguments: [(-400, false), (400, false), (259_200, true), (-9000, true)])
    func server(lead: Int64, isGrave: Bool) throws {
        var facts = Healthy.examination
        facts.change(server: { $0.clockLead = .seconds(lead) })
        facts.wait(.postgres)
        let found = Diagnose()(facts)
        let clock = try #require(found.first { $0.code == .clockWrong })
        #expect(clock.severity == (isGrave ? .critical : .warning))
        #expect(clock.cause.english.contains(lead < 0 ? "ahead of that of PostgreSQL" : "behind that of PostgreSQL"))
        // What is two days late is not so by some minutes.
        #expect(found.map(\.code) == (isGrave ? [.clockWrong] : [.overdue, .clockWrong]))
        #expect(clock.consequences.map(\.code).contains(.overdue) == isGrave)
        facts = Healthy.examination
        facts.change(server: { $0.clockLead = .seconds(lead / 300) })
        #expect(Diagnose()(facts).isEmpty == (abs(lead / 300) <= 300))
    }

    @Test("A service that answers with an error does not do so by any clock, and some minutes keep nobody from a repair")
    func apart() {
        var facts = Healthy.examination
        facts.change(server: { $0.clockLead = .seconds(-9000) })
        facts.process = ProcessCondition(.unwell(status: 503), place: "127.0.0.1:8085", isExpected: true)
        #expect(Set(Diagnose()(facts).map(\.code)) == [.clockWrong, .serviceUnwell])
        facts = Healthy.examination
        facts.service?.points[0].copies.removeLast()
        facts.change(server: { $0.clockLead = .seconds(400) })
        #expect(RepairPlan(DoctorReport(facts)).steps.map(\.repair) == [.sync])
        facts.change(server: { $0.clockLead = .seconds(4000) })
        #expect(RepairPlan(DoctorReport(facts)).steps.isEmpty)
    }

    @Test("A backup of the future is taken out of the way only by whoever knows that the clock is right now")
    func future() throws {
        var facts = Healthy.examination
        facts.now = Healthy.slot + .seconds(-86_400)
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .clockWrong && !finding.remedy.commands.contains { $0.contains("mv ") })
        #expect(finding.remedy.alternatives.first?.commands.first?.hasPrefix("mkdir -p /backups/set-aside && mv ") == true)
    }
}
