import SystemPackage

/// What may befall a server of a test's own, and that it comes back from. Sessions are lost each time.
extension PostgresServer {
    package enum Stop: String, Sendable {
        /// Everything is written.
        case fast
        /// What lies in memory is lost, and the server recovers when it is started.
        case immediate
    }

    package func restart(_ stop: Stop) async throws {
        try await end(stop)
        try await start()
    }

    /// Copies the data folder while the server stands still.
    package func keepData(as name: String) async throws {
        try await end(.fast)
        try await Command("cp", ["-a", dataFolder.string, folder.appending(name).string]).output()
        try await start()
    }

    /// Goes back to such a copy, as a restored disk or virtual machine does.
    package func returnToData(_ name: String) async throws {
        try await end(.immediate)
        try await Command("rm", ["-rf", dataFolder.string]).output()
        try await Command("cp", ["-a", folder.appending(name).string, dataFolder.string]).output()
        try await start()
    }

    /// Kills one of its processes: it then ends all others and recovers, without being started. Returns when it answers again.
    package func crashOneProcess() async throws {
        let query = "SELECT pid, backend_start FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
        let before = try await psql(query)
        try await Command("kill", ["-9", String(before.prefix { $0 != "|" })]).output()
        var last: any Error = Command.Failure(description: "the server on port \(port) did not recover")
        for _ in 0..<2000 {
            do {
                let now = try await psql(query)
                if now != before, !now.isEmpty { return }
            } catch {
                last = error
            }
        }
        throw last
    }

    /// Makes a standby a server of its own.
    package func promote() async throws {
        let answer = try await psql("SELECT pg_promote(true, 120)")
        guard answer == "t" else { throw Command.Failure(description: "the standby on port \(port) was not promoted") }
    }

    /// Waits until this standby has replayed what `primary` has done so far.
    package func catchUp(with primary: PostgresServer) async throws {
        let position = try await primary.psql("CHECKPOINT; SELECT pg_current_wal_lsn()")
        // Asked from outside: a snapshot held while waiting would hold up what it waits for.
        for _ in 0..<6000 {
            if try await psql("SELECT pg_last_wal_replay_lsn() >= '\(position)'") == "t" { return }
        }
        let state = try await psql("SELECT pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), (SELECT status FROM pg_stat_wal_receiver)")
        let log = try await Command("tail", [logFile.string]).output()
        throw Command.Failure(description: "the standby on port \(port) did not catch up with \(position): \(state)\n\(log)")
    }

    /// Makes the next transaction's ID this one, on a server whose epoch is the first. What is there is frozen on the way, in steps that are shorter
    /// than the half of all IDs that counts as past; only the databases that a new server has may be there.
    package func age(to id: UInt32) async throws {
        try await psql("ALTER DATABASE template0 ALLOW_CONNECTIONS true")
        for step in [2_000_000_000, 4_000_000_000, id] where step <= id {
            for database in ["postgres", "template1", "template0"] { try await psql("VACUUM FREEZE", database: database) }
            try await end(.fast)
            try await asOwner(installation.programs.appending("pg_resetwal").string, ["-D", dataFolder.string, "-x", "\(step)"])
            try await makeStatusPages(of: step)
            try await start()
        }
    }

    /// The server looks up there, when it starts, how the transactions before its next one ended: pg_resetwal makes none.
    private func makeStatusPages(of id: UInt32) async throws {
        let number = String(id / 1_048_576, radix: 16, uppercase: true)
        let name = String(repeating: "0", count: 4 - number.count) + number
        try await asOwner("truncate", ["-s", "262144", dataFolder.appending("pg_xact").appending(name).string])
    }

    private func end(_ stop: Stop) async throws { try await control(["-m", stop.rawValue, "stop"]) }

    private func start() async throws { try await control(["-l", logFile.string, "start"]) }

    private func control(_ arguments: [String]) async throws {
        try await asOwner(installation.programs.appending("pg_ctl").string, ["-D", dataFolder.string, "-t", "120", "-w"] + arguments)
    }

    /// As who owns the server's data.
    private func asOwner(_ program: String, _ arguments: [String]) async throws {
        let words = (ProcessOwner.unprivileged?.prefix ?? []) + [program] + arguments
        var command = Command(words[0], Array(words.dropFirst()))
        command.workingDirectory = folder
        try await command.output()
    }
}
