import BackupModel

/// Settings of the target that are changed for the time of a transfer, and what they were.
struct BorrowedSettings: Sendable {
    private struct Former: Sendable {
        let name: String
        let value: Secret
    }

    private var former: [Former] = []

    /// - Returns: whether the server let us.
    mutating func set(_ name: String, to value: String, over connection: RedisConnection) async throws -> Bool {
        guard let old = try await connection.setting(name) else { return false }
        // Noted first: a change whose reply gets lost is taken back too.
        former.append(Former(name: name, value: Secret(old)))
        if try await connection.ask(RedisCommand("CONFIG", "SET", name, value)) != nil { return true }
        former.removeLast()
        return false
    }

    /// The last change first.
    /// - Throws: `BackupError` naming the setting.
    func giveBack(over connection: RedisConnection) async throws {
        for setting in former.reversed() {
            try await connection.call(RedisCommand("CONFIG", "SET", setting.name, setting.value.reveal()))
        }
    }

    var names: [String] { former.map(\.name) }
}
