import BackupCatalog
import BackupModel
import BackupReports
import BackupTestKit
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("An installation that is new")
struct NewInstallationTests {
    private func installed(_ body: (Machine) async throws -> Void) async throws {
        try await withTemporaryFolder { state in
            try await withMachine(environment: ["BACKUP_DIR": "backups", "BACKUP_STATE_DIR": state.string], body)
        }
    }

    /// A week's slot, days before the moment at which the service looks.
    private func schedule(_ now: Instant) -> ScheduleFacts {
        ScheduleFacts(
            expression: "0 2 * * 0", zone: "UTC", interval: .seconds(7 * 86_400), last: now + .seconds(-3 * 86_400),
            next: now + .seconds(4 * 86_400), grace: .seconds(7200))
    }

    @Test("has missed no slot of before it began, and has missed it once its key is older", arguments: [(4, true), (2, false)])
    func slots(_ daysAgo: Int, _ isDue: Bool) async throws {
        try await installed { machine in
            let (configuration, context) = (try await machine.load(), machine.context)
            let assembly = try Assembly(configuration, context: context)
            let gathering = FactGathering(assembly, .init(schedule: { schedule(context.now()) })) { _ in }
            await gathering.look()
            #expect(await gathering.facts().schedule.last == nil)
            _ = try InstallationKey(folder: configuration.stateFolder).readOrMake()
            let made = context.now() + .seconds(-daysAgo * 86_400)
            let path = "\(configuration.stateFolder)/installation.key"
            try await Command("touch", ["-d", "@\(made.millisecondsSinceEpoch / 1000)", path]).output()
            await gathering.look()
            #expect(await (gathering.facts().schedule.last != nil) == isDue)
            let found = try await RunsLook(configuration: configuration, context: context).look()
            #expect(found.begun == made)
        }
    }

    @Test("To the doctor a folder that no service has used says nothing: it may be another one than it was")
    func unused() async throws {
        try await installed { machine in
            let found = try await RunsLook(configuration: try await machine.load(), context: machine.context).look()
            #expect(found.begun == nil)
        }
    }
}
