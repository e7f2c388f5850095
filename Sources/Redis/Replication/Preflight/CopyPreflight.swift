import BackupModel

/// Decides from the facts whether a server can give a copy of itself now, and what that may cost it. Pure.
struct CopyPreflight: Sendable {
    let facts: RedisServerFacts
    /// The server, for messages.
    let server: RedisEndpoint

    var findings: [PreflightFinding] {
        [version, loading, link, permission, persistence, memory, overcommit, diskWrites, outputBuffer].flatMap { $0 }
    }

    private var version: [PreflightFinding] {
        guard let version = facts.version else {
            return [.warning("what \(server) is could not be seen: INFO is denied", hint: "Grant +info to the backup's user.")]
        }
        guard !version.canReplicatePartially else { return [] }
        return [
            .refusal(
                .versionMismatch, "\(version) at \(server) is too old to be copied over the network",
                hint: "PSYNC came with Redis 2.8: upgrade the server, or save its dump.rdb by hand.")
        ]
    }

    private var loading: [PreflightFinding] {
        guard facts.isLoading else { return [] }
        let left = facts.loadingSecondsLeft.map { ", about \(Duration.seconds($0).briefly) to go" } ?? ""
        return [
            .refusal(
                .sourceUnreachable, "Redis at \(server) is still loading its data\(left)",
                hint: "Wait until INFO persistence says loading:0, then run the command again.")
        ]
    }

    private var link: [PreflightFinding] {
        guard case .replica(let link) = facts.role, !link.isUp else { return [] }
        guard !link.isSynchronizing else {
            return [
                .refusal(
                    .sourceUnreachable, "the replica \(server) is just being filled by its primary \(link.primary)",
                    hint: "Wait until INFO replication says master_link_status:up, or back up the primary.")
            ]
        }
        return [
            .refusal(
                .sourceUnreachable, "the replica \(server) has lost its primary \(link.primary)",
                hint: "Mend the replication (master_link_status in INFO replication), or back up the primary.")
        ]
    }

    private var permission: [PreflightFinding] {
        guard facts.mayReplicate == false else { return [] }
        let user = facts.user ?? "default"
        return [
            .refusal(
                .permissionDenied, "the user \(user) is denied PSYNC on \(server)",
                hint: "Grant it: ACL SETUSER \(user) +psync +replconf +ping +info +role +config|get +acl|whoami +acl|dryrun.")
        ]
    }

    /// A server forks for one purpose at a time.
    private var persistence: [PreflightFinding] {
        var findings: [PreflightFinding] = []
        if facts.isSaving {
            findings.append(.warning("Redis at \(server) is saving its own snapshot: the copy begins when that has ended"))
        }
        if facts.isRewritingLog {
            findings.append(.warning("Redis at \(server) is rewriting its append-only file: the copy begins when that has ended"))
        }
        return findings
    }

    /// Every page that is written to during the copy exists twice.
    private var memory: [PreflightFinding] {
        guard let resident = facts.residentBytes ?? facts.usedBytes else { return [] }
        if let memory = forkMemory, memory.isShort {
            return [
                .warning(
                    "memory may run out during the copy: Redis holds \(ByteSize(resident)), \(ByteSize(memory.availableBytes)) are free",
                    hint: "Each page written meanwhile is kept twice: back up when little is written, or from a replica.")
            ]
        }
        if facts.local == nil, let system = facts.systemBytes, resident > system / 4 * 3 {
            return [
                .warning(
                    "memory may run out during the copy: Redis holds \(ByteSize(resident)) of the machine's \(ByteSize(system))",
                    hint: "Each page written meanwhile is kept twice: back up when little is written, or from a replica.")
            ]
        }
        return []
    }

    /// Of a server on this machine.
    private var forkMemory: ForkMemory? {
        guard let local = facts.local, let held = facts.residentBytes ?? facts.usedBytes else { return nil }
        return ForkMemory(heldBytes: held, availableBytes: local.availableBytes, overcommit: local.overcommit)
    }

    private var overcommit: [PreflightFinding] {
        guard let memory = forkMemory, memory.mayBeRefused, let overcommit = memory.overcommit else { return [] }
        let grant = "sysctl vm.overcommit_memory=1, as Redis itself advises at its start."
        return [
            .warning(
                "the kernel may refuse Redis its fork: vm.overcommit_memory is \(overcommit)",
                hint: memory.isShort ? "Free memory first, or back up from a replica; only then \(grant)" : grant)
        ]
    }

    private var diskWrites: [PreflightFinding] {
        guard facts.isDiskless == false else { return [] }
        return [
            .warning(
                "Redis at \(server) writes each copy to its own disk before it sends it",
                hint: "CONFIG SET repl-diskless-sync yes spares the disk and the wait.")
        ]
    }

    /// Before 7.0 the writes during a copy are kept for us, and beyond the limit the server cuts us off.
    private var outputBuffer: [PreflightFinding] {
        guard facts.version?.knowsCopiesAlone == false, let limit = facts.replicaBufferBytes, limit > 0, let used = facts.usedBytes,
            used / 4 > limit
        else { return [] }
        return [
            .warning(
                "Redis at \(server) ends the copy when more than \(ByteSize(limit)) are written meanwhile; it holds \(ByteSize(used))",
                hint: "Raise it for the backup: CONFIG SET client-output-buffer-limit \"replica \(used / 2) \(used / 4) 60\".")
        ]
    }
}
