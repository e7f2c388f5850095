import BackupModel
import Glibc
import NIOPosix
import RDBFormat

/// The road into the data folder of a server that does not run.
struct FolderRestore: RestoreProcedure {
    let file: RDBFile
    let folder: DataFolder
    let settings: RestoreSettings

    func plan(_ summary: RDBSummary) async throws -> RedisRestorePlan {
        let facts = try await blocking { FolderFacts.gather(folder) }
        let preflight = FolderPreflight(folder: folder, facts: facts, summary: summary, id: settings.id)
        return RedisRestorePlan(
            road: .folder, target: folder.path, summary: summary, keys: Int64(summary.content.keys), keysThere: nil,
            movedAside: preflight.movedAside, findings: preflight.findings)
    }

    /// The new file is written beside the old ones under a hidden name; only renames follow.
    /// - Throws: `BackupError`; the folder is then as it was, or the message says what is under which name.
    func run(_ plan: RedisRestorePlan) async throws -> RestoredRedis {
        let hidden = folder.file(FolderLeftovers.hiddenName(folder, settings.id))
        let log = folder.log(among: Set(plan.movedAside.keys))
        do {
            try await blocking { FolderLeftovers(folder: folder).remove(among: FolderFacts.gather(folder).names) }
            try await write(plan.summary, to: hidden)
            try await requireNoServer()
            try await blocking { try FolderSwap(folder: folder, movedAside: plan.movedAside, log: log).run(bringingIn: hidden) }
        } catch {
            unlink(hidden)
            throw error
        }
        var restored = RestoredRedis(road: .folder, target: plan.target, keys: plan.keys, bytes: plan.summary.byteCount)
        restored.safetyBackup = plan.movedAside.isEmpty ? nil : plan.movedAside.values.sorted().joined(separator: ", ")
        restored.nextSteps = nextSteps(log)
        return restored
    }

    /// Once more: writing may have taken long, and somebody may have started it meanwhile.
    private func requireNoServer() async throws {
        let servers = try await blocking { FolderServers.looking(into: folder.path) }
        if let refusal = FolderPreflight.refusals(of: servers, in: folder).refusal { throw refusal }
    }

    private func write(_ summary: RDBSummary, to path: String) async throws {
        settings.progress(.began(phase: "write", totalBytes: summary.byteCount, totalItems: nil))
        let output = try await blocking { try FolderFile(creating: path, like: folder.path) }
        do {
            var pieces = try await file.pieces()
            while let piece = try await pieces.next() {
                try Task.checkCancellation()
                try await blocking { try output.write(piece) }
                settings.progress(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: nil))
            }
            try await blocking { try output.finish() }
        } catch {
            output.abandon()
            throw error
        }
        settings.progress(.ended(phase: "write"))
    }

    private func nextSteps(_ log: DataFolder.Log) -> [String] {
        switch log {
        case .folder, .file: ["start the server with `appendonly yes`, as it was: it loads the restored data from its log"]
        case .none, .asFound:
            [
                "start the server with `appendonly no` (redis-server redis.conf --appendonly no), else it ignores \(folder.dumpName)",
                "if it is to have a log: CONFIG SET appendonly yes once it has loaded, and write that into redis.conf",
            ]
        }
    }
}

/// Runs a call that blocks on NIO's pool of threads.
func blocking<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await NIOThreadPool.singleton.runIfActive(call)
}
