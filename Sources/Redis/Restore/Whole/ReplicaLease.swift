import BackupModel

/// The time in which the target is our replica: what is changed there for it, and its end, which comes whatever happens.
actor ReplicaLease {
    private let endpoint: RedisEndpoint
    private let settings: RestoreSettings
    private var borrowed = BorrowedSettings()

    /// A server that loads refuses to be made a primary until it is done.
    private static let retry = Duration.milliseconds(200)

    init(endpoint: RedisEndpoint, settings: RestoreSettings) {
        self.endpoint = endpoint
        self.settings = settings
    }

    /// Prepares the target to fetch data from us.
    /// - Returns: what it will log in with; nil where its settings cannot be changed.
    func begin(over connection: RedisConnection) async throws -> OneTimeLogin? {
        if try await connection.setting("tls-replication") == "yes" {
            _ = try await borrow("tls-replication", "no", over: connection)
        }
        let login = OneTimeLogin()
        guard try await borrow("masterauth", login.password.reveal(), over: connection) else { return nil }
        // Redis 5 knows no users: the password alone then.
        _ = try await borrow("masteruser", login.user, over: connection)
        return login
    }

    private func borrow(_ name: String, _ value: String, over connection: RedisConnection) async throws -> Bool {
        var changed = borrowed
        // Also when the reply is lost: the change may have been made all the same.
        defer { borrowed = changed }
        return try await changed.set(name, to: value, over: connection)
    }

    /// Makes the target a primary again and gives its settings back, also after a cancellation.
    /// - Returns: why that did not succeed; nil when it did.
    func end() async -> BackupError? {
        do {
            try await uncancelled { [endpoint, settings, borrowed] in
                try await RedisConnection.with(endpoint, limits: settings.connection) { connection in
                    try await Self.promote(connection, settings)
                    try await borrowed.giveBack(over: connection)
                }
            }
            return nil
        } catch {
            return error as? BackupError ?? BackupError(.failed, "\(error)", cause: error)
        }
    }

    private static func promote(_ connection: RedisConnection, _ settings: RestoreSettings) async throws {
        let end = ContinuousClock.now + settings.replication.stall
        while true {
            await connection.send([RedisCommand("REPLICAOF", "NO", "ONE")])
            guard case .error(let refused) = try await connection.rawReply(to: "REPLICAOF") else { return }
            guard refused.kind == "LOADING", .now < end else {
                // Where we were never allowed to make it a replica it still is a primary.
                if try await RedisServerFacts.role(over: connection) == .primary { return }
                throw Refusal(refused, by: connection.endpoint, doing: "REPLICAOF NO ONE").error
            }
            try await settings.clock.sleep(for: retry)
        }
    }
}
