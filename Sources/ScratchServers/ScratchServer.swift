import BackupModel
import Glibc
import SystemPackage

/// A scratch server that runs.
package struct ScratchServer: Sendable {
    package let folder: ScratchFolder
    /// The server's own process.
    package let process: Int32
    let program: ScratchProgram
    let handOver: [String]
    /// Whether it is in namespaces of its own.
    let isIsolated: Bool

    /// Whether the server's process still runs.
    package var isAlive: Bool { ScratchProcess(identifier: process).isAlive }

    /// Waits until `answers` says so, asking again as long as the server lives.
    /// - Throws: `BackupError` with the end of the server's log when it ends first, or has not answered after `limit`; `CancellationError`.
    package func awaitAnswer(limit: Duration = .seconds(120), _ answers: () async throws -> Bool) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: limit)
        while try await !answers() {
            // Whoever is called off has its server ended, which says nothing of the server.
            try Task.checkCancellation()
            guard isAlive else { throw ended("did not start") }
            guard clock.now < deadline else { throw ended("has not answered for \(limit.components.seconds) s") }
            try await clock.sleep(for: .milliseconds(50))
        }
    }

    /// Has the server stopped properly and its folder left in place when the body is over, whichever way it ends: for inspection.
    @discardableResult
    package func keep() throws -> ScratchKept {
        if access(folder.kept, F_OK) != 0 { try folder.write("", to: "kept") }
        let command = asServer(program.server)
        return ScratchKept(folder: folder.path, start: command.map(Self.quoted).joined(separator: " "))
    }

    /// Waits until the server's process is gone, at most for `limit`.
    func awaitEnd(limit: Duration) async throws { try await ScratchProcess(identifier: process).awaitEnd(limit: limit) }

    func ended(_ what: String, cause: (any Error)? = nil) -> BackupError {
        BackupError(
            .failed, "the scratch server in \(folder.path) \(what): \(folder.logEnd)",
            hint: "Look for its end in the kernel's log (dmesg: out of memory?), and give it more in BACKUP_SCRATCH_MEMORY.", cause: cause)
    }

    /// The command line of something that runs as the server's account, with no more rights than it has; not bound to the supervisor's life.
    package func asServer(_ command: [String]) -> [String] {
        handOver.filter { $0 != "--pdeathsig" && $0 != program.endSignal } + command
    }

    /// The command line of something that runs as the server's account and where the server is: without a network, and ended with the server's
    /// folder when it is left behind.
    package func besideServer(_ command: [String]) -> [String] {
        guard isIsolated, let nsenter = ScratchTools.path(of: "nsenter") else { return asServer(command) }
        return [nsenter, "--target", "\(process)", "--net", "--ipc"] + asServer(command)
    }

    /// A word as a shell reads it back.
    package static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { $0 < 128 && (isalnum(Int32($0)) != 0 || "-_./=:,+".utf8.contains($0)) }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}

/// A scratch server's folder that has been left in place.
package struct ScratchKept: Sendable, Equatable {
    package let folder: String
    /// The command, as a shell reads it, that starts the server there again.
    package let start: String
    /// The command that removes it.
    package var removal: String { "rm -r \(ScratchServer.quoted(folder))" }
}
