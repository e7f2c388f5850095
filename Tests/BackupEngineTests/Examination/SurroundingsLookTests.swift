import BackupTestKit
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

    @Test("Root and the service's own account do not look as another one", arguments: ["call-center-backup", "somebody"])
    func account(user: String) async throws {
        try await withMachine(environment: ["USER": user, "BACKUP_MANAGED_BY": "systemd"]) { machine in
            let around = SurroundingsLook(context: machine.context, configuration: try await machine.load()).surroundings
            #expect(around.looksAsAnother == (user == "somebody" && geteuid() != 0))
        }
    }

    private func password(_ machine: Machine) async throws -> String? {
        SurroundingsLook(context: machine.context, configuration: try await machine.load()).surroundings.postgresPassword
    }

    /// What a shell makes of the words is the password, which they do not hold.
    @Test("PostgreSQL's password is read by the shell, from the environment or a file of settings", arguments: [true, false])
    func password(isInFile: Bool) async throws {
        let url = "postgres://backup:right@db:5432/call_center"
        try await withMachine(environment: isInFile ? [:] : ["DATABASE_URL": url]) { machine in
            if isInFile { try await machine.write(".env", "DATABASE_URL=\(url)\n") }
            let word = try #require(try await password(machine))
            #expect(!word.contains("right"))
            let said = try await Command("sh", ["-c", "printf '%s' \(word)"], environment: ["DATABASE_URL": url]).output()
            #expect(said == "right")
        }
    }

    @Test("It is asked for where a shell would make something else of it, and where there is none")
    func passwordAsked() async throws {
        for url in ["postgres://backup:ri%40ght@db:5432/call_center", "postgres://backup@db:5432/call_center"] {
            try await withMachine(environment: ["DATABASE_URL": url]) { machine in
                let found = try await password(machine)
                #expect(found == nil)
            }
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

    @Test("Where the settings are is part of a command that reads them, as whoever types it may be somewhere else")
    func settingFiles() async throws {
        try await withMachine { machine in
            try await machine.write(".env", "BACKUP_DIR=backups\n")
            let found = SurroundingsLook(context: machine.context, configuration: try await machine.load()).surroundings
            #expect(found.settingFiles == ["BACKUP_ENV_FILE=\(machine.folder)/.env"])
            #expect(found.stateFolder == "\(machine.folder)/backups/.state")
        }
        try await withMachine(environment: ["BACKUP_ENV_FILE": "other", "BACKUP_CONFIG": "backup.yaml"]) { machine in
            try await machine.write("other", "BACKUP_JOBS=2\n")
            try await machine.write("backup.yaml", "backup:\n  format: sql.gz\n")
            let found = SurroundingsLook(context: machine.context, configuration: try await machine.load()).surroundings
            #expect(
                found.settingFiles == [
                    "BACKUP_ENV_FILE=\(machine.folder)/other", "BACKUP_CONFIG=\(machine.folder)/backup.yaml",
                ])
        }
    }
}
