import BackupModel

extension RedisServerFacts {
    /// Asks a server about itself. What it does not tell stays unknown; only a connection that fails throws.
    package static func gather(over connection: RedisConnection) async throws -> RedisServerFacts {
        try await gather(over: connection, info: RedisInfo.ask(over: connection))
    }

    /// - Parameter info: what INFO said just now; nil where it is denied.
    static func gather(over connection: RedisConnection, info: RedisInfo?) async throws -> RedisServerFacts {
        var facts = info.map { RedisServerFacts($0) } ?? RedisServerFacts()
        // While it loads or waits for its primary a server answers little more than INFO.
        if facts.role == nil { facts.role = try await role(over: connection) }
        let limits = try await connection.setting("client-output-buffer-limit")
        facts.replicaBufferBytes = limits.flatMap(replicaLimit)
        facts.isDiskless = try await connection.setting("repl-diskless-sync").map { $0 == "yes" }
        if facts.isDiskless == true {
            let delay = try await connection.setting("repl-diskless-sync-delay").flatMap { Int64($0) }
            facts.forkDelay = delay.flatMap { $0 > 0 ? .seconds($0) : nil }
        }
        facts.user = try await connection.ask(RedisCommand("ACL", "WHOAMI"))?.text
        if let user = facts.user { facts.mayReplicate = try await mayReplicate(user, over: connection) }
        if connection.endpoint.isLocal { facts.local = LocalMemory.read() }
        return facts
    }

    /// By ROLE, for users who are denied INFO.
    package static func role(over connection: RedisConnection) async throws -> Role? {
        guard let reply = try await connection.ask(RedisCommand("ROLE"))?.elements else { return nil }
        switch reply.first?.text {
        case "master": return .primary
        case "slave" where reply.count >= 5:
            let state = reply[3].text ?? ""
            return .replica(
                Link(
                    primary: "\(reply[1].text ?? "?"):\(reply[2].integer ?? 0)", isUp: state == "connected",
                    isSynchronizing: state == "sync", silentSeconds: nil))
        default: return nil
        }
    }

    /// `normal 0 0 0 slave 268435456 67108864 60 pubsub …`
    static func replicaLimit(in setting: String) -> Int64? {
        let words = setting.split(separator: " ")
        guard let at = words.firstIndex(where: { $0 == "slave" || $0 == "replica" }), words.indices.contains(at + 1) else { return nil }
        return Int64(words[at + 1])
    }

    /// ACL DRYRUN came with Redis 7; nil where the server cannot say.
    private static func mayReplicate(_ user: String, over connection: RedisConnection) async throws -> Bool? {
        guard let answer = try await connection.ask(RedisCommand("ACL", "DRYRUN", user, "PSYNC", "?", "-1"))?.text else { return nil }
        return answer == "OK"
    }
}

extension RedisInfo {
    /// Nil where the server does not tell.
    static func ask(over connection: RedisConnection) async throws -> RedisInfo? {
        try await connection.ask(RedisCommand("INFO"))?.text.map { RedisInfo($0) }
    }

    /// With the sections that INFO leaves out where it is not asked for them: modules, and which commands were called.
    static func askEverything(over connection: RedisConnection) async throws -> RedisInfo? {
        try await connection.ask(RedisCommand("INFO", "everything"))?.text.map { RedisInfo($0) }
    }
}

extension RedisConnection {
    /// What CONFIG GET says; nil where the server has no such setting, or does not tell.
    func setting(_ name: String) async throws -> String? {
        let reply = try await ask(RedisCommand("CONFIG", "GET", name))?.elements
        return reply.flatMap { $0.count == 2 ? $0[1].text : nil }
    }
}

extension RedisServerFacts.LocalMemory {
    /// From the kernel's own files; nil where they are not there.
    static func read() -> Self? {
        guard let memory = SystemFiles.text(of: "/proc/meminfo"), let overcommit = SystemFiles.text(of: "/proc/sys/vm/overcommit_memory"),
            let line = memory.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int64($0) }),
            let mode = Int(overcommit.prefix { $0.isNumber })
        else { return nil }
        return Self(availableBytes: kibibytes << 10, overcommit: mode)
    }
}
