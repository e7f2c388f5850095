import BackupModel
import Glibc
import Subprocess
import SystemPackage

/// Runs `body` beside a server of its own in a private folder. Both are gone on every way out: return, error, cancellation, death of this
/// process; only `ScratchServer.keep()` leaves the folder. The server may not take connections yet: `ScratchServer.awaitAnswer`.
/// - Parameters:
///   - bytes: how much free space `place` has to have.
///   - describe: says what to run, once the folder is known.
/// - Throws: `ScratchUnavailable`; `BackupError` with the end of the server's log when it ends in the middle; what `body` throws.
package func withScratchServer<Value: Sendable>(
    in place: ScratchPlace, needing bytes: Int64 = 0, _ describe: (ScratchFolder) throws -> ScratchProgram,
    _ body: (ScratchServer) async throws -> Value
) async throws -> Value {
    guard let shell = ScratchTools.path(of: "bash") else {
        throw ScratchUnavailable(.programs, "bash is not installed", hint: "apt install bash.")
    }
    try ScratchSpace.require(bytes, in: place.folder)
    let (folder, lock) = try ScratchFolder.make(in: place)
    let result: Result<Value, any Error>
    do {
        let run = ScratchRun(folder: folder, program: try describe(folder), shell: shell, lock: lock)
        result = .success(try await run.run(body))
    } catch {
        result = .failure(error)
    }
    // Nothing is left here unless there was no supervisor, or it was killed.
    if access(folder.path, F_OK) == 0 { _ = await ScratchRemains(path: folder.path).remove() }
    close(lock.rawValue)
    return try result.get()
}

/// One server with its supervisor.
struct ScratchRun {
    let folder: ScratchFolder
    let program: ScratchProgram
    let shell: String
    let lock: FileDescriptor

    func run<Value: Sendable>(_ body: (ScratchServer) async throws -> Value) async throws -> Value {
        for (name, text) in program.files { try folder.write(text, to: name) }
        guard let handOver = ScratchTools.handOver(to: folder.account, endSignal: program.endSignal) else {
            throw ScratchUnavailable(.programs, "setpriv is not installed", hint: "apt install util-linux.")
        }
        let isolation = await ScratchTools.isolation()
        let supervisor = ScratchSupervisor(folder: folder, program: program, handOver: handOver, isolation: isolation)
        let ended = try await Subprocess.run(
            supervisor.configuration(shell: shell), input: .inputWriter, output: .sequence,
            error: .fileDescriptor(lock, closeAfterSpawningProcess: false)
        ) { execution in
            let result = await outcome(
                (handOver, isIsolated: !isolation.isEmpty), printed: execution.standardOutput.strings(), body)
            try await execution.standardInputWriter.finish()
            return result
        }
        return try ended.closureResult.get()
    }

    private func outcome<Value: Sendable>(
        _ way: (handOver: [String], isIsolated: Bool), printed: SubprocessOutputSequence.StringSequence<UTF8>,
        _ body: (ScratchServer) async throws -> Value
    ) async -> Result<Value, any Error> {
        do {
            for try await line in printed {
                if line.hasPrefix(ScratchSupervisor.closedLine) { throw closed }
                if line.hasPrefix(ScratchSupervisor.unpreparedLine) { break }
                let process = pid_t(line.dropFirst(ScratchSupervisor.startedLine.count).filter(\.isNumber)) ?? 0
                let server = ScratchServer(
                    folder: folder, process: process, program: program, handOver: way.handOver, isIsolated: way.isIsolated)
                return .success(try await watched(server, body))
            }
            try Task.checkCancellation()
            throw notPrepared
        } catch {
            return .failure(error)
        }
    }

    /// An error of the body is explained by the server's death, if it died.
    private func watched<Value: Sendable>(_ server: ScratchServer, _ body: (ScratchServer) async throws -> Value) async throws -> Value {
        do {
            return try await body(server)
        } catch let error as BackupError where error.code == .sourceUnreachable {
            // With the task its server ends, which a session may notice before it hears of the cancellation.
            try Task.checkCancellation()
            // A connection breaks some moments before the server's process is gone.
            try await server.awaitEnd(limit: .seconds(5))
            throw server.isAlive ? error : server.ended("ended in the middle", cause: error)
        }
    }

    private var closed: BackupError {
        let reason = folder.logEnd
        return BackupError(
            .invalidConfiguration,
            "the account \(folder.account.name), which runs scratch servers, cannot get into \(folder.path)"
                + (reason.isEmpty ? "" : ": \(reason)"),
            hint: "Let it pass through the folders above (chmod o+x), or name another folder in BACKUP_SCRATCH_DIR.")
    }

    private var notPrepared: BackupError {
        BackupError(
            .failed, "the scratch server in \(folder.path) could not be prepared: \(folder.logEnd)",
            hint: "Run the command it names by hand; BACKUP_SCRATCH_DIR and BACKUP_SCRATCH_USER say where and as whom.")
    }
}
