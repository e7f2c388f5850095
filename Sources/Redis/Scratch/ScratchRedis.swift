import BackupModel
package import RDBFormat
package import ScratchServers

/// A Redis of one's own that has loaded a file, and is soon gone.
package struct ScratchRedis: Sendable {
    /// The login is in it.
    package let endpoint: RedisEndpoint
    package let version: RedisVersion
    package let server: ScratchServer
    /// What the file holds.
    package let summary: RDBSummary
    /// How long it took to expand the file, and to load it.
    package let durations: (expand: Duration, load: Duration)

    /// Has the server save what it holds, and reads that.
    /// - Throws: `ScratchUnavailable`, `BackupError`.
    func saved(_ progress: ProgressSink) async throws -> RDBSummary {
        let dump = ScratchDump(folder: server.folder)
        // It is loaded, and there may be no room for a second one.
        dump.remove()
        do { try await save() } catch let error as BackupError {
            throw LoadFailure(of: server).unavailable ?? error
        }
        return try await dump.opened().survey(nil, progress)
    }

    /// It says nothing until it is done; if it dies, the connection ends.
    private func save() async throws {
        try await RedisConnection.with(endpoint, limits: Self.limits) { connection in
            await connection.send([RedisCommand("SAVE")])
            _ = try await connection.reply(to: "SAVE", patience: Patience(stall: Self.longest))
        }
    }

    static let limits = ConnectionLimits(connect: .seconds(15), reply: .seconds(60))
    /// For what may take as long as it takes, as only the server's death ends it.
    static let longest = Duration.seconds(24 * 3600)
}
