import BackupModel

/// Asks Sentinels where a master is. Any one of them may be down, or not know yet of a failover, so the answer is checked at the server itself.
struct Sentinels: Sendable {
    let target: RedisTarget
    let master: String
    let login: RedisEndpoint.Login?
    let limits: ConnectionLimits

    /// The master's place, verified, and its replicas' as the Sentinel knows them.
    /// - Throws: `BackupError` with `.sourceUnreachable` and what each Sentinel said.
    func locate() async throws -> (master: RedisEndpoint, replicas: [RedisEndpoint]) {
        var complaints: [BackupError] = []
        for place in target.places {
            do {
                return try await ask(RedisEndpoint(place, login: login, tls: target.tls))
            } catch let error as BackupError {
                complaints.append(error)
            }
        }
        throw BackupError(
            complaints.code, "no Sentinel leads to the master \(master): \(complaints.map(\.message).joined(separator: "; "))",
            hint: "Check the Sentinels in REDIS_URL and the master's name: redis-cli -p 26379 SENTINEL masters.",
            obstacle: complaints.lazy.compactMap(\.obstacle).first)
    }

    private func ask(_ sentinel: RedisEndpoint) async throws -> (master: RedisEndpoint, replicas: [RedisEndpoint]) {
        let (place, others) = try await RedisConnection.with(sentinel, limits: limits) { connection in
            let answer = try await connection.call(RedisCommand("SENTINEL", "get-master-addr-by-name", master)).elements
            guard let answer, answer.count == 2, let place = Self.place(answer[0], answer[1]) else {
                throw BackupError(.sourceUnreachable, "the Sentinel \(sentinel) knows no master \(master)")
            }
            return (place, try await replicas(over: connection))
        }
        let endpoint = target.endpoint(at: place)
        try await verify(endpoint, told: sentinel)
        return (endpoint, others.map { target.endpoint(at: $0) })
    }

    private func verify(_ endpoint: RedisEndpoint, told sentinel: RedisEndpoint) async throws {
        let role = try await RedisConnection.with(endpoint, limits: limits) { try await RedisServerFacts.role(over: $0) }
        // Denied ROLE is no reason to distrust the Sentinel.
        guard role == .primary || role == nil else {
            throw BackupError(.sourceUnreachable, "the Sentinel \(sentinel) names \(endpoint), which is a replica")
        }
    }

    /// Those without a flag that says they are down; `SENTINEL slaves` is the name every version knows.
    private func replicas(over connection: RedisConnection) async throws -> [RedisEndpoint.Place] {
        let entries = try await connection.ask(RedisCommand("SENTINEL", "slaves", master))?.elements ?? []
        return entries.compactMap { entry in
            let words = entry.elements ?? []
            var fields: [String: RESPValue] = [:]
            for at in stride(from: 0, to: words.count - 1, by: 2) { fields[words[at].text ?? ""] = words[at + 1] }
            let flags = fields["flags"]?.text ?? ""
            guard !flags.contains("down"), !flags.contains("disconnected"), let host = fields["ip"], let port = fields["port"] else {
                return nil
            }
            return Self.place(host, port)
        }
    }

    private static func place(_ host: RESPValue, _ port: RESPValue) -> RedisEndpoint.Place? {
        guard let host = host.text, !host.isEmpty, let port = port.text.flatMap({ Int($0) }), (1...65535).contains(port) else { return nil }
        return .network(host: host, port: port)
    }
}

extension [BackupError] {
    /// That of all when they agree.
    fileprivate var code: BackupError.Code {
        guard let first, allSatisfy({ $0.code == first.code }) else { return .sourceUnreachable }
        return first.code
    }
}
