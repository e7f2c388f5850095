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
    /// The longest argument it takes, in bytes.
    var longestArgument = Self.usualLongestArgument
    /// `repl-diskless-load`: whether its data is thrown away before all of the new has arrived.
    var disklessLoad: String?
    var replicatesOverTLS = false
    /// Whether the ACL lets us make it a replica, and restore keys.
    var mayBeReplica: Bool?
    var mayRestore: Bool?
    /// Whether it can be given a password for us: CONFIG is allowed.
    var takesLogin = false
    /// To the database of the highest number that is needed.
    var database = DatabaseAccess.unknown

    /// By the defaults of Redis and Valkey.
    private static let usualLongestArgument: Int64 = 512 << 20
}

/// Whether a server's database can be written to.
enum DatabaseAccess: Sendable, Equatable {
    case open
    /// There are fewer databases.
    case missing
    /// SELECT is denied to us; the database may exist.
    case denied
    case unknown
}

extension RestoreTargetFacts {
    static func gather(over connection: RedisConnection) async throws -> RestoreTargetFacts {
        var facts = RestoreTargetFacts()
        let info = try await RedisInfo.ask(over: connection)
        facts.server = try await RedisServerFacts.gather(over: connection, info: info)
        guard let info else { return try await facts.completed(over: connection) }
        facts.replicas = info.number("connected_slaves").map { Int($0) }
        facts.maxMemory = info.number("maxmemory")
        facts.evictionPolicy = info["maxmemory_policy"]
        return try await facts.completed(over: connection)
    }

    private func completed(over connection: RedisConnection) async throws -> RestoreTargetFacts {
        var facts = self
        let listeners = try await connection.ask(RedisCommand("PUBSUB", "NUMSUB", "__sentinel__:hello"))?.elements
        facts.sentinels = listeners?.last?.integer
        facts.modules = try await connection.ask(RedisCommand("MODULE", "LIST"))?.elements?.map {
            $0.elements?.dropFirst().first?.text ?? ""
        }
        facts.longestArgument = try await Self.longestArgument(over: connection)
        facts.disklessLoad = try await connection.setting("repl-diskless-load")
        facts.replicatesOverTLS = try await connection.setting("tls-replication") == "yes"
        try await facts.gatherPermissions(over: connection)
        return facts
    }

    /// A client whose unread command grows beyond the second limit is cut off without a word. Some room is for what comes with the argument.
    private static func longestArgument(over connection: RedisConnection) async throws -> Int64 {
        let argument = try await connection.setting("proto-max-bulk-len").flatMap { Int64($0) }
        let query = try await connection.setting("client-query-buffer-limit").flatMap { Int64($0) }
        return min(argument ?? usualLongestArgument, query.map { max(0, $0 - 64 << 10) } ?? .max)
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

extension RedisConnection {
    /// Selects a database to see whether there is one of that number.
    func access(to database: UInt64) async throws -> DatabaseAccess {
        send([RedisCommand("SELECT", "\(database)")])
        guard case .error(let refused) = try await rawReply(to: "SELECT") else { return .open }
        if refused.kind == "NOPERM" { return .denied }
        return ["out of range", "invalid DB index", "in cluster mode"].contains { refused.message.contains($0) } ? .missing : .unknown
    }
}
