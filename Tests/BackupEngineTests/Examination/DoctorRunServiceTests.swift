import BackupCatalog
import BackupModel
import BackupTestKit
import Doctor
import Testing

@testable import BackupEngine

@Suite("Whose service answers, and whether one is missed")
struct DoctorRunServiceTests {
    private typealias Kinship = ProcessCondition.Kinship

    private func installed(_ body: (Machine, _ state: String) async throws -> Void) async throws {
        try await withTemporaryFolder { state in
            let environment = ["BACKUP_DIR": "/backups", "BACKUP_STATE_DIR": "\(state)", "BACKUP_SCHEDULE": "0 2 * * *"]
            try await withMachine(environment: environment) { machine in try await body(machine, "\(state)") }
        }
    }

    @Test("A state folder that nobody has used says nothing of a service that answers; one with a history and no key is another one's")
    func unused() async throws {
        try await installed { machine, state in
            let (said, configuration) = (ServiceFingerprint(installation: "a", settings: "b"), try await machine.load())
            let fresh = try configuration.kinship(of: said)
            #expect(fresh == .unknown)
            try await Command("touch", ["\(state)/history.sqlite"]).output()
            let used = try configuration.kinship(of: said)
            #expect(used == .another)
        }
    }

    @Test("It is outdated when its file has changed, whatever the environment of whoever looks, and not for flags")
    func outdated() async throws {
        try await installed { machine, state in
            try await machine.write(".env", "BACKUP_JOBS=2\n")
            let key = try InstallationKey(folder: state).readOrMake()
            let said = try await machine.load().fingerprint(key)
            let elsewhere = Machine(folder: machine.folder, environment: machine.environment.merging(["PGHOST": "localhost"]) { $1 })
            let kinships = { () async throws -> [Kinship] in
                let flags = ["BACKUP_JOBS": FlagValue("--jobs", "8")]
                let looks = [try await machine.load(), try await elsewhere.load(), try await machine.load(flags: flags)]
                return try looks.map { try $0.kinship(of: said) }
            }
            let before = try await kinships()
            #expect(before == [.ours, .unknown, .unknown])
            try await machine.write(".env", "BACKUP_JOBS=3\n")
            let after = try await kinships()
            #expect(after == [.outdated, .outdated, .unknown])
        }
    }

    @Test("Where a schedule is set and nobody has run one is missed, not where it is unknown who has")
    func planned() async throws {
        try await installed { machine, _ in
            let (run, configuration) = (DoctorRun(context: machine.context), try await machine.load())
            let nobody = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: false)
            #expect(run.process(nobody, RunsLook.Found(), .bare, configuration)?.isExpected == true)
            #expect(run.process(nobody, nil, .bare, configuration)?.isExpected == false)
        }
    }
}
