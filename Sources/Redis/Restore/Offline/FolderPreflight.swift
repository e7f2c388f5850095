import BackupModel
import RDBFormat

/// Decides whether a file may be written into a data folder. Pure.
struct FolderPreflight: Sendable {
    let folder: DataFolder
    let facts: FolderFacts
    let summary: RDBSummary
    let id: RecoveryPointID

    var findings: [PreflightFinding] {
        guard facts.exists, facts.isWritable else { return place }
        return [
            FileChecks(summary: summary).offline, Self.refusals(of: facts.servers, in: folder), hidden, leftovers, space, version, logTrap,
            takenNames,
        ].flatMap { $0 }
    }

    private var place: [PreflightFinding] {
        let what = facts.exists ? "cannot be written to" : "cannot be opened"
        return [
            .refusal(
                facts.exists ? .permissionDenied : .invalidUsage, "the data folder \(folder.path) \(what)",
                hint: "CONFIG GET dir on the server says where it is; run as the folder's owner or as root.")
        ]
    }

    /// - Parameter servers: that were found now.
    static func refusals(of servers: FolderServers, in folder: DataFolder) -> [PreflightFinding] {
        servers.running.sorted { $0.key < $1.key }.map { process, program in
            .refusal(
                .failed, "\(program) (process \(process)) works in \(folder.path): it would overwrite the file when it ends",
                hint: "Stop the server first (systemctl stop redis-server, or redis-cli SHUTDOWN), or restore into it while it runs.")
        }
    }

    private var hidden: [PreflightFinding] {
        let limits = "servers on other machines and in other containers that share the folder are not seen"
        guard facts.servers.hidden > 0 else { return [.warning("no server of this machine works in \(folder.path); \(limits)")] }
        return [
            .warning(
                "\(facts.servers.hidden) servers of other users could not be looked at: make sure that none works in \(folder.path); \(limits)",
                hint: "Run as root to look at all.")
        ]
    }

    private var leftovers: [PreflightFinding] {
        let names = FolderLeftovers(folder: folder).names(among: facts.names)
        guard !names.isEmpty else { return [] }
        return [.warning("what restores that were killed left in \(folder.path) is removed first: \(names.joined(separator: ", "))")]
    }

    private var space: [PreflightFinding] {
        let copies: Int64 = folder.log(among: facts.names) == .file ? 2 : 1
        let needed = summary.byteCount * copies
        guard let free = facts.freeBytes, free < needed else { return [] }
        return [
            .refusal(
                .outOfSpace, "\(folder.path) has \(ByteSize(free)) free, the file needs \(ByteSize(needed))",
                hint: "Free space there: what is replaced is kept beside it.")
        ]
    }

    private var version: [PreflightFinding] {
        guard let version = folder.version else {
            return [
                .warning("which server will load the file is not known: it takes \(LoadableVersion.takers(of: summary.header))")
            ]
        }
        return LoadableVersion(version).findings(summary.header, server: "the server of \(folder.path)")
    }

    private var logTrap: [PreflightFinding] {
        switch folder.log(among: facts.names) {
        case .none, .asFound:
            [
                .warning(
                    "no append-only log is written: a server with `appendonly yes` would ignore \(folder.dumpName) and start empty",
                    hint: "Start it with `--appendonly no`, then CONFIG SET appendonly yes.")
            ]
        case .folder: [.warning("\(folder.logFolderName) is replaced by a log that begins with the restored data")]
        case .file: [.warning("\(folder.logName) is replaced by the restored data, which Redis reads as the beginning of a log")]
        }
    }

    private var takenNames: [PreflightFinding] {
        movedAside.values.sorted().filter { facts.names.contains($0) }.map { name in
            .refusal(.targetExists, "\(folder.path) already holds \(name)", hint: "Move it away: it is what an earlier restore put aside.")
        }
    }

    /// What lies in the way, and what it will be called.
    var movedAside: [String: String] {
        let names = [folder.dumpName, folder.logFolderName, folder.logName].filter { facts.names.contains($0) }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, "\($0).before-\(id)") })
    }
}
