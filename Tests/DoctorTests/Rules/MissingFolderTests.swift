import BackupReports
import Testing

@testable import Doctor

@Suite("A folder of backups that is gone")
struct MissingFolderTests {
    private func finding(_ manager: Surroundings.Manager, isRemembered: Bool, mount: StoreCondition.Mount? = nil) throws -> Diagnosis {
        var facts = Healthy.examination
        facts.surroundings.manager = manager
        facts.stores[0].holdings = .troubled(Trouble(.folderMissing, "there is no folder /backups"))
        facts.stores[0].folder = .init(exists: false)
        facts.stores[0].folder?.mount = mount
        if isRemembered { facts.stores[1].holdings = .known(.init(points: [Healthy.remembered(daysAgo: 1)])) }
        return try #require(Diagnose()(facts).first { $0.code == .folderMissing })
    }

    @Test(
        "It is made and filled by hand where it was no mount and another store has what it held",
        arguments: [(Surroundings.Manager.bare, true, 2), (.systemd, true, 2), (.compose, true, 1), (.bare, false, 1)])
    func refilled(manager: Surroundings.Manager, isRemembered: Bool, ways: Int) throws {
        let alternatives = try finding(manager, isRemembered: isRemembered).remedy.alternatives
        #expect(alternatives.count == ways && alternatives.first?.commands == ["mount -a"])
        guard ways == 2 else { return }
        // Whoever types it is root there, and what root makes and copies the service may not enter or write to.
        let asService = ["install -d -m 700 -o call-center-backup /backups", "runuser -u call-center-backup -- call-center-admin db sync"]
        let commands = manager == .systemd ? asService : ["mkdir -p -m 700 /backups", "call-center-admin db sync"]
        #expect(alternatives.last?.commands == commands)
    }

    @Test(
        "One that was never there is told where nobody can make it, and not where whoever looks may be another than the service",
        arguments: [(Trouble.Kind.denied, false, true), (.denied, true, false), (.invalid, true, true)])
    func unmade(kind: Trouble.Kind, looksAsAnother: Bool, isTold: Bool) {
        var facts = Healthy.examination
        facts.service?.history = [:]
        facts.service?.points = []
        facts.service?.runs = []
        facts.stores[0].holdings = .troubled(Trouble(.folderMissing, "there is no folder /backups"))
        facts.stores[0].folder = .init(exists: false)
        facts.stores[0].folder?.obstacle = Trouble(kind, "/backups cannot be made in /")
        facts.stores[1].holdings = .known(.init())
        facts.surroundings.looksAsAnother = looksAsAnother
        #expect(Diagnose()(facts).contains { $0.code == .folderForbidden } == isTold)
    }

    @Test("What belongs on a disk that is not mounted is made nowhere else")
    func unmounted() throws {
        let remedy = try finding(.bare, isRemembered: true, mount: .init(place: "/backups", isMounted: false)).remedy
        #expect(remedy.alternatives.isEmpty && remedy.commands.first == "mount /backups")
    }
}
