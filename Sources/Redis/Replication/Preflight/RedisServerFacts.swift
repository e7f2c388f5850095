/// What is known of a server before a copy is asked for. Nil is "not told": a user may be denied INFO or CONFIG.
package struct RedisServerFacts: Sendable, Equatable {
    package enum Role: Sendable, Equatable {
        case primary
        case replica(Link)
    }

    /// A replica's tie to its primary.
    package struct Link: Sendable, Equatable {
        package var primary: String
        package var isUp: Bool
        package var isSynchronizing: Bool
        /// Seconds since the primary was last heard of; nil when it is not.
        package var silentSeconds: Int64?
    }

    /// Limits of the memory this machine can give, for a server on it.
    package struct LocalMemory: Sendable, Equatable {
        package var availableBytes: Int64
        /// `vm.overcommit_memory`: 0 guesses, 1 always grants, 2 never more than there is.
        package var overcommit: Int
    }

    package var version: RedisVersion?
    package var runID: String?
    package var role: Role?
    package var isCluster: Bool?
    package var replicationID: String?
    /// Also the history this one goes on from, after a failover.
    package var previousReplicationID: String?
    package var offset: Int64?
    var loadingSecondsLeft: Int64?
    package var isLoading = false
    package var usedBytes: Int64?
    package var residentBytes: Int64?
    var systemBytes: Int64?
    var isSaving = false
    var isRewritingLog = false
    /// `repl-diskless-sync`.
    var isDiskless: Bool?
    /// How long it waits for more replicas before it forks for the first: `repl-diskless-sync-delay`. Nil where it does not, or does not tell.
    var forkDelay: Duration?
    /// The hard limit for replicas in `client-output-buffer-limit`, 0 for none.
    package var replicaBufferBytes: Int64?
    /// Whether the ACL lets us replicate.
    package var mayReplicate: Bool?
    package var user: String?
    package var local: LocalMemory?
    /// Whether the server's own last snapshot, or the last rewriting of its log, failed.
    package var snapshotFailed = false
    package var logRewriteFailed = false
    /// Keys over all databases.
    package var keys: Int64?
    package var writes: WriteCount?
    /// Whether SAVE was called since the start; nil where it was not asked which commands were.
    var hasCalledSave: Bool?
    var holdsExpiringFields: Bool?

    package init() {}
}

extension RedisServerFacts {
    init(_ info: RedisInfo) {
        version = RedisVersion(info)
        runID = info["run_id"]
        role = Self.role(info)
        isCluster = info.flag("cluster_enabled") ?? (info["redis_mode"] == "cluster")
        replicationID = info["master_replid"]
        previousReplicationID = info["master_replid2"]
        offset = info["role"] == "slave" ? info.number("slave_repl_offset") : info.number("master_repl_offset")
        isLoading = info.flag("loading") ?? false
        loadingSecondsLeft = info.number("loading_eta_seconds")
        usedBytes = info.number("used_memory")
        residentBytes = info.number("used_memory_rss")
        systemBytes = info.number("total_system_memory")
        isSaving = info.flag("rdb_bgsave_in_progress") ?? false
        isRewritingLog = info.flag("aof_rewrite_in_progress") ?? false
        snapshotFailed = info["rdb_last_bgsave_status"] == "err"
        logRewriteFailed = info["aof_last_bgrewrite_status"] == "err"
        keys = Self.keys(info)
        writes = WriteCount(info)
        hasCalledSave = info.hasField(beginningWith: "cmdstat_") ? info.hasField(beginningWith: "cmdstat_save") : nil
        holdsExpiringFields = info.holdsExpiringFields
    }

    private static func role(_ info: RedisInfo) -> Role? {
        switch info["role"] {
        case "master": .primary
        case "slave":
            .replica(
                Link(
                    primary: "\(info["master_host"] ?? "?"):\(info["master_port"] ?? "?")", isUp: info["master_link_status"] == "up",
                    isSynchronizing: info.flag("master_sync_in_progress") ?? false,
                    silentSeconds: info.number("master_last_io_seconds_ago").flatMap { $0 < 0 ? nil : $0 }))
        default: nil
        }
    }

    /// `db0:keys=12,expires=0,avg_ttl=0`, one line per database with keys.
    private static func keys(_ info: RedisInfo) -> Int64? {
        guard info["run_id"] != nil else { return nil }
        var total: Int64 = 0
        for number in 0..<1024 {
            guard let line = info["db\(number)"], let count = line.split(separator: ",").first?.dropFirst("keys=".count) else { continue }
            total += Int64(count) ?? 0
        }
        return total
    }
}
