import BackupModel
import RDBFormat

/// Decides from facts whether a file may be restored into a running server. Pure.
struct LivePreflight: Sendable {
    let summary: RDBSummary
    let needs: LoadNeeds
    let facts: RestoreTargetFacts
    /// The server, for messages.
    let server: RedisEndpoint

    /// What both live roads look at.
    var common: [PreflightFinding] {
        [FileChecks(summary: summary).live, version, readiness, needs.findings(facts, server: server)].flatMap { $0 }
    }

    private var version: [PreflightFinding] {
        guard let version = facts.server.version else {
            return [
                .refusal(
                    .versionMismatch, "which files \(server) can load could not be seen: INFO is denied",
                    hint: "Grant +info to the user, as a file that is too new would cost the server its data.")
            ]
        }
        return LoadableVersion(version).findings(summary.header, server: "\(server)")
    }

    private var readiness: [PreflightFinding] {
        if facts.server.isLoading {
            return [
                .refusal(
                    .sourceUnreachable, "Redis at \(server) is still loading its data", hint: "Wait until INFO persistence says loading:0.")
            ]
        }
        guard case .replica(let link) = facts.server.role else { return [] }
        return [
            .refusal(
                .failed, "\(server) is a replica of \(link.primary): what is restored there would be lost again",
                hint: "Restore into the primary, or make this one a primary first: REPLICAOF NO ONE.")
        ]
    }
}

/// What a file says about itself, whatever the road. Pure.
struct FileChecks {
    let summary: RDBSummary

    var live: [PreflightFinding] {
        guard let unknown = summary.notUnderstood else { return remarks }
        return [
            .refusal(
                .versionMismatch, "the file is not understood from offset \(unknown.offset) on: \(unknown)",
                hint: "A newer version of this program may understand it. The server it comes from loads it as dump.rdb (--data-dir).")
        ]
    }

    var offline: [PreflightFinding] {
        guard let unknown = summary.notUnderstood else { return remarks }
        return remarks + [.warning("the file is not understood from offset \(unknown.offset) on (\(unknown)): it is written as it is")]
    }

    private var remarks: [PreflightFinding] {
        guard summary.checksum != .proved else { return [] }
        return [.warning("the file carries no checksum: a change that leaves its structure intact cannot be noticed")]
    }
}

// MARK: The whole, by replication

extension LivePreflight {
    /// - Parameter isSentinel: the target was named by Sentinels.
    func whole(isSentinel: Bool) -> [PreflightFinding] {
        [common, cluster, sentinels(isSentinel), permission, secrecy, encryption, replicas, loss].flatMap { $0 }
    }

    private var cluster: [PreflightFinding] {
        guard facts.server.isCluster == true else { return [] }
        return [
            .refusal(
                .failed,
                "\(server) belongs to a cluster, and a cluster's master cannot be made a replica of ours (REPLICAOF is refused there)",
                hint: "Restore its keys with --keys '*', or write each node's file into its data folder (--data-dir).")
        ]
    }

    private func sentinels(_ isNamed: Bool) -> [PreflightFinding] {
        guard isNamed || (facts.sentinels ?? 0) > 0 else { return [] }
        return [
            .refusal(
                .failed,
                "Sentinels watch \(server): while it is filled they would take it for a lost primary and promote a replica with the old data",
                hint: "SENTINEL REMOVE it on each Sentinel, name the server itself, and SENTINEL MONITOR it again; or use --keys '*'.")
        ]
    }

    private var permission: [PreflightFinding] {
        guard facts.mayBeReplica == false else { return [] }
        let user = facts.server.user ?? "default"
        return [
            .refusal(
                .permissionDenied, "the user \(user) is denied REPLICAOF on \(server)",
                hint: WholeRestore.permissionHint(user: user))
        ]
    }

    /// Without a password for the time of the transfer whoever connects to us first gets the data.
    private var secrecy: [PreflightFinding] {
        guard !facts.takesLogin else { return [] }
        let what = "\(server) does not let us set masterauth, so nothing keeps others from fetching the data from us"
        guard !server.isLocal else { return [.warning("\(what) while it is transferred within this machine")] }
        return [.refusal(.permissionDenied, what, hint: "Grant +config|get +config|set, or restore key by key: --keys '*'.")]
    }

    private var encryption: [PreflightFinding] {
        guard facts.replicatesOverTLS, !server.isLocal else { return [] }
        return [
            .refusal(
                .failed, "\(server) replicates over TLS only, and we send in the clear",
                hint: "Run the restore on the server's machine, or use --keys '*', which goes through your TLS connection.")
        ]
    }

    private var replicas: [PreflightFinding] {
        guard let count = facts.replicas, count > 0 else { return [] }
        let replicas = count == 1 ? "the replica" : "the \(count) replicas"
        return [.warning("\(replicas) of \(server) will lose all data too and copy everything anew from there")]
    }

    private var loss: [PreflightFinding] {
        let early = facts.disklessLoad.map { $0 != "disabled" && $0 != "swapdb" } ?? false
        let when = early ? "when the transfer begins (repl-diskless-load)" : "when all of the file has arrived there"
        return [.warning("\(server) throws away what it holds \(when); the safety backup is the way back")]
    }
}

// MARK: Single keys

extension LivePreflight {
    func keys(_ scan: KeyScan) -> [PreflightFinding] {
        [common, restoring, tooLong(scan), dependent(scan)].flatMap { $0 }
    }

    private var restoring: [PreflightFinding] {
        if facts.mayRestore == false {
            let user = facts.server.user ?? "default"
            return [
                .refusal(
                    .permissionDenied, "the user \(user) is denied RESTORE on \(server)",
                    hint: "Grant it: ACL SETUSER \(user) ~* +restore +select +info +psync +replconf +time.")
            ]
        }
        guard let version = facts.server.version, version.flavour == .redis, version.release < (5, 0) else { return [] }
        return [
            .refusal(
                .versionMismatch, "\(version) at \(server) takes no absolute expiry with RESTORE",
                hint: "Use --data-dir, or upgrade to Redis 5.")
        ]
    }

    private func tooLong(_ scan: KeyScan) -> [PreflightFinding] {
        guard !scan.tooLong.isEmpty else { return [] }
        return [
            .refusal(
                .failed, "values too large for one RESTORE (\(ByteSize(scan.longestArgument))): \(scan.tooLong)",
                hint:
                    "CONFIG SET proto-max-bulk-len (and client-query-buffer-limit) higher there, or restore the whole file, or leave them out."
            )
        ]
    }

    private func dependent(_ scan: KeyScan) -> [PreflightFinding] {
        guard !scan.dependent.isEmpty else { return [] }
        return [
            .refusal(
                .failed, "values that refer to other parts of the file cannot be restored one by one: \(scan.dependent)",
                hint: "Restore the whole file, or leave them out with --keys.")
        ]
    }
}
