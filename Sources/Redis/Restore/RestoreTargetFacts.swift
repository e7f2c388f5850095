import BackupModel

/// What is known of the server that is to be restored into. Nil is "not told".
struct RestoreTargetFacts: Sendable, Equatable {
    var server = RedisServerFacts()
    /// Attached to it.
    var replicas: Int?
    var maxMemory: Int64?
    var evictionPolicy: String?
    /// How many Sentinels listen to it.
    var sentinels: Int64?
    /// Loaded modules, by name.
    var modules: [String]?
    /// The longest argument it takes, in bytes: `proto-max-bulk-len`.
    var longestArgument: Int64?
    /// `repl-diskless-load`: whether its data is thrown away before all of the new has arrived.
    var disklessLoad: String?
    var replicatesOverTLS = false
    /// Whether the ACL lets us make it a replica, and restore keys.
    var mayBeReplica: Bool?
    var mayRestore: Bool?
    /// Whether it can be given a password for us: CONFIG is allowed.
    var takesLogin = false
    /// Whether the database of the highest number in the file exists.
    var hasDatabases = true
}

extension RestoreTargetFacts {
    /// - Parameter highestDatabase: of those in the file.
    static func gather(over connection: RedisConnection, highestDatabase: UInt64) async throws -> RestoreTargetFacts {
        var facts = RestoreTargetFacts()
        facts.server = try await RedisServerFacts.gather(over: connection)
        let info = RedisInfo(try await connection.ask(RedisCommand("INFO"))?.text ?? "")
        facts.replicas = info.number("connected_slaves").map { Int($0) }
        facts.maxMemory = info.number("maxmemory")
        facts.evictionPolicy = info["maxmemory_policy"]
        let listeners = try await connection.ask(RedisCommand("PUBSUB", "NUMSUB", "__sentinel__:hello"))?.elements
        facts.sentinels = listeners?.last?.integer
        facts.modules = try await connection.ask(RedisCommand("MODULE", "LIST"))?.elements?.map {
            $0.elements?.dropFirst().first?.text ?? ""
        }
        facts.longestArgument = try await connection.setting("proto-max-bulk-len").flatMap { Int64($0) }
        facts.disklessLoad = try await connection.setting("repl-diskless-load")
        facts.replicatesOverTLS = try await connection.setting("tls-replication") == "yes"
        try await facts.gatherPermissions(over: connection)
        facts.hasDatabases = try await connection.ask(RedisCommand("SELECT", "\(highestDatabase)")) != nil
        return facts
    }

    /// ACL DRYRUN came with Redis 7.
    private mutating func gatherPermissions(over connection: RedisConnection) async throws {
        let user = server.user ?? "default"
        let permits = { (command: [String]) async throws -> Bool? in
            let words = (["ACL", "DRYRUN", user] + command).map { Array($0.utf8) }
            return try await connection.ask(RedisCommand(words))?.text.map { $0 == "OK" }
        }
        let maySet = try await permits(["CONFIG", "SET", "masterauth", ""])
        takesLogin = maySet != false
        if try await connection.setting("masterauth") == nil { takesLogin = false }
        mayBeReplica = try await permits(["REPLICAOF", "NO", "ONE"])
        mayRestore = try await permits(["RESTORE", "key", "0", "payload"])
    }
}
