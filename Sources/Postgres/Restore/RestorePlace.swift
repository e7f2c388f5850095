import BackupModel

/// The database that is filled: made, watched over, put in its place, or taken back.
struct RestorePlace: Sendable {
    let destination: RestoreDestination
    let server: ConnectionTarget

    /// What a look at the server finds before anything is made.
    func findings(_ needs: RestoreNeeds, over connection: PostgresConnection) async throws -> [PreflightFinding] {
        let facts = try await ServerFacts.read(over: connection)
        return Preflight(
            needs: needs, facts: facts, destination: destination, sessions: try await sessions(over: connection),
            contents: try await contents(facts)
        ).findings
    }

    private func sessions(over connection: PostgresConnection) async throws -> [DatabaseSession] {
        guard case .replacing(let name, _, _) = destination else { return [] }
        return try await DatabaseSession.all(on: name, over: connection)
    }

    private func contents(_ facts: ServerFacts) async throws -> String? {
        guard case .into(let name) = destination, facts.databases.contains(name) else { return nil }
        return try await EmptyDatabase(target: server.with(database: name)).firstObject()
    }

    /// Makes the database where there is none, has it filled, and swaps it in where it replaces another. When anything fails, what was
    /// made is dropped, and what was there is as before.
    func fill(
        over connection: PostgresConnection, create: (String) async throws -> Void,
        with fill: (ConnectionTarget) async throws -> RestoredContents?
    ) async throws -> RestoredDatabase {
        let name = destination.filled
        let isThere = try await isEmptyAndThere(name, over: connection)
        if !isThere { try await create(name) }
        do {
            let contents = try await fill(server.with(database: name))
            return RestoredDatabase(
                database: destination.database, keptAs: try await swap(over: connection), contents: contents)
        } catch {
            throw await takingBack(error, name, isThere: isThere)
        }
    }

    /// Only a database somebody named is filled as it is, and looked at once more: the preflight may be a while ago. Any other is made,
    /// and the server refuses to make one that has come to be meanwhile.
    private func isEmptyAndThere(_ name: String, over connection: PostgresConnection) async throws -> Bool {
        guard case .into = destination else { return false }
        let found = try await connection.rows("SELECT FROM pg_catalog.pg_database WHERE datname = $1", [name])
        guard !found.isEmpty else { return false }
        guard let object = try await EmptyDatabase(target: server.with(database: name)).firstObject() else { return true }
        throw BackupError(
            .targetExists, "the database \(name) is not empty: it holds \(object)",
            hint: "Name another database, or drop that one first.")
    }

    private func swap(over connection: PostgresConnection) async throws -> String? {
        guard case .replacing(let name, let names, let terminates) = destination else { return nil }
        let swap = DatabaseSwap(server: server, names: names, database: name, terminatesSessions: terminates)
        return try await swap.run(over: connection) ? names.before : nil
    }

    private func takingBack(_ error: any Error, _ name: String, isThere: Bool) async -> any Error {
        let server = server
        do {
            try await uncancelled {
                if isThere {
                    try await EmptyDatabase(target: server.with(database: name)).emptyAgain()
                } else {
                    try await Maintenance.open(on: server) { try await $0.drop(database: name) }
                }
            }
            return error
        } catch let second {
            let what =
                isThere ? "what was restored into \(name) could not be removed" : "the half-restored database \(name) could not be dropped"
            let code = (error as? BackupError)?.code ?? .failed
            return BackupError(code, "\(error); \(what) (\(second))", hint: "Remove it by hand: DROP DATABASE \(SQL.identifier(name));")
        }
    }
}

extension PostgresConnection {
    /// With those of our own sessions whose end the server has not noticed yet.
    fileprivate func drop(database name: String) throws {
        let force = try serverVersion >= 130000 ? " WITH (FORCE)" : ""
        try execute("DROP DATABASE IF EXISTS \(SQL.identifier(name))\(force)")
    }
}
