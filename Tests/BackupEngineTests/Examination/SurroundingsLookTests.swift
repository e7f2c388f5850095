import Doctor
import Glibc
import Testing

@testable import BackupEngine

@Suite("What starts the servers of this machine")
struct SurroundingsLookTests {
    /// What it is where nothing else says it.
    private var native: Surroundings.Manager { access("/run/systemd/system", F_OK) == 0 ? .systemd : .bare }

    @Test(
        "Docker Compose, where its file has our service; another file, or being in a container, says nothing",
        arguments: [
            ("compose.yaml", "services:\n  postgres: {}\n  backup-service:\n    image: x\n", true),
            ("docker-compose.yml", "services:\n  backup-service: # saves\n    image: x\n", true),
            ("compose.yaml", "services:\n  web:\n    depends_on: [backup-service]\n", false), ("compose.txt", "  backup-service:\n", false),
        ])
    func compose(name: String, text: String, isOurs: Bool) async throws {
        try await withMachine { machine in
            try await machine.write(name, text)
            let found = SurroundingsLook(context: machine.context, configuration: try await machine.load()).surroundings.manager
            #expect(found == (isOurs ? .compose : native))
        }
    }

    @Test("What the setting says, also while other settings cannot be used", arguments: Surroundings.Manager.allCases)
    func said(_ manager: Surroundings.Manager) async throws {
        try await withMachine(environment: ["BACKUP_MANAGED_BY": manager.rawValue]) { machine in
            try await machine.write("compose.yaml", "services:\n  backup-service:\n")
            #expect(SurroundingsLook(context: machine.context, configuration: try await machine.load()).surroundings.manager == manager)
            #expect(SurroundingsLook(context: machine.context, configuration: nil).surroundings.manager == manager)
        }
    }
}
