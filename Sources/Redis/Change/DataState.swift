/// What INFO says of a server's data and of their history, all of one moment.
struct DataState: Sendable, Equatable {
    var version: RedisVersion
    var runID: String
    var isReplica: Bool
    var isCluster: Bool
    var replicationID: String
    /// Bytes of the history so far. They are counted only while there is a backlog; a server that frees its backlog begins another history.
    var offset: Int64
    /// The first byte of the history that the backlog still has; nil where there is none.
    var backlogStart: Int64?
    var writes: WriteCount
    var databases: [Int: RedisInfo.KeyCount]
    var modules: Set<String>
    /// Whether it was told to become a replica or a primary: a replica has all its data exchanged.
    var hasChangedRole: Bool
    /// DEBUG can exchange all data, and replicas are not told.
    var hasCalledDebug: Bool
    /// Whether it can be said which commands were called since the start: the server says so, and nobody has reset it. Before 7.0 a reset does not show.
    var knowsCommands: Bool

    /// - Parameter info: of all sections. Nil where the server does not tell enough.
    init?(_ info: RedisInfo) {
        guard let version = RedisVersion(info), let runID = info["run_id"], let role = info["role"],
            let replicationID = info["master_replid"], let offset = info.number("master_repl_offset"),
            FullResync.plausible.contains(offset), let writes = WriteCount(info)
        else { return nil }
        self.version = version
        self.runID = runID
        isReplica = role == "slave"
        isCluster = info.flag("cluster_enabled") ?? false
        self.replicationID = replicationID
        self.offset = offset
        backlogStart = info.flag("repl_backlog_active") == true ? info.number("repl_backlog_first_byte_offset") : nil
        self.writes = writes
        databases = info.databases
        modules = info.modules
        hasChangedRole = ["replicaof", "slaveof", "failover"].contains { info.hasField(beginningWith: "cmdstat_\($0)") }
        hasCalledDebug = info.hasField(beginningWith: "cmdstat_debug")
        knowsCommands = info.hasField(beginningWith: "cmdstat_") && !info.hasField(beginningWith: "cmdstat_config|resetstat")
    }

    /// - Returns: nil where the server does not tell enough.
    static func ask(over connection: RedisConnection) async throws -> DataState? {
        try await RedisInfo.askEverything(over: connection).flatMap { DataState($0) }
    }
}
