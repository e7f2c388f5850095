import BackupTestKit
import Foundation
import SystemPackage

extension AdminProgram {
    /// Types something into a shell, with the programs in `PATH` and the backup folder in `$BACKUPS`.
    func shell(_ script: String, _ more: [String: String] = [:]) async throws -> Command.Outcome {
        var command = command([])
        command.program = "bash"
        command.arguments = ["-c", script]
        command.environment["PATH"] = "\(Self.programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
        command.environment["BACKUPS"] = folder.string
        command.environment.merge(more) { $1 }
        return try await command.outcome()
    }
}
