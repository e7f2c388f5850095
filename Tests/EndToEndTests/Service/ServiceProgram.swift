import BackupEngine
import BackupModel
import BackupService
import BackupTestKit

extension AdminProgram {
    /// The service on a database, with a state folder of its own, telling a socket how it is.
    func service(_ database: String, named name: String = "state", telling socket: NotifySocket, _ settings: [String: String] = [:])
        -> Command
    {
        var command = command([])
        command.program = Self.path(of: .service)
        let own = [
            "POSTGRES_DB": database, "BACKUP_STATE_DIR": "\(folder)/../\(name)", "NOTIFY_SOCKET": socket.address,
            "BACKUP_PRUNE_SCHEDULE": "none", "BACKUP_REVERIFY_SCHEDULE": "none", "BACKUP_HTTP": "none", "JOURNAL_STREAM": "",
        ]
        command.environment.merge(own.merging(settings) { $1 }) { $1 }
        return command
    }

    /// Runs the service until it has told that it waits for the next backup.
    func served(_ database: String, named name: String = "state", _ settings: [String: String] = [:]) async throws -> Command.Outcome {
        try await withNotifySocket { socket in
            try await service(database, named: name, telling: socket, settings).outcome { program in
                try await socket.message(holding: "STATUS=next")
                try program.send(.terminate)
            }
        }
    }

    /// The manifests in the backup folder: one for each backup.
    func manifests() async throws -> [String] {
        try await entries().filter { $0.hasSuffix("Z.json") }
    }
}

extension Command {
    /// The same process, with its standard error in a file.
    func logging(to file: String) -> Command {
        var command = self
        command.program = "bash"
        command.arguments = ["-c", "exec \"${@:2}\" 2>\"$1\"", "service", file, program] + arguments
        return command
    }
}

/// Of a schedule in UTC no slot of which is to come while a test lasts.
func hourFarFromNow() -> Int { Int((RunContext.live().now().millisecondsSinceEpoch / 3_600_000 + 12) % 24) }
