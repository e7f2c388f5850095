import BackupModel

/// The database that is filled: made, watched over, put in its place, or taken back.
struct RestorePlace: Sendable {
    let destination: RestoreDestination
    let server: ConnectionTarget
    /// Leaves what was restored so far when a restore fails, for a look.
    var keepsUnfinished = false

    /// What a look at the server finds before anything is made.
    func findings(_ needs: RestoreNeeds, over connection: PostgresConnection) async throws -> [PreflightFinding] {
        let facts = try await ServerFacts.read(over: connection)
        return Preflight(
            needs: needs, facts: facts, destination: destination, sessions: try await sessions(over: connection),
            contents: try await contents(facts), hasLeftover: try await unfinished.isLeftover(on: server, over: connection)
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

    /// Makes the database where there is none, has it filled, and gives it the name it is to have. When anything fails, what was made is
    /// dropped, and what was there is as before.
    /// - Parameter dress: gives a database that is to replace another what belongs to the database itself, before anybody can find it.
    func fill(
        over connection: PostgresConnection, create: (String) async throws -> Void,
        with fill: (ConnectionTarget) async throws -> RestoredContents?, dress: (String) async throws -> Void = { _ in }
    ) async throws -> RestoredDatabase {
        if try await isEmptyOne(over: connection) { return try await fillEmptyOne(with: fill) }
        try await unfinished.removeLeftover(on: server, over: connection)
        try await create(unfinished.name)
        do {
            try await unfinished.markBegun(over: connection)
            let contents = try await fill(server.with(database: unfinished.name))
            let keptAs = try await put(over: connection, dress)
            return RestoredDatabase(database: destination.database, keptAs: keptAs, contents: contents)
        } catch  where keepsUnfinished {
            throw error
        } catch {
            throw await takingBack(error, "the half-restored database \(unfinished.name) could not be dropped") { server in
                try await Maintenance.open(on: server) { try await unfinished.drop(over: $0) }
            }
        }
    }

    /// Only a database somebody named is filled as it is, and looked at once more: the preflight may be a while ago. Any other is made,
    /// and the server refuses to make one that has come to be meanwhile.
    private func isEmptyOne(over connection: PostgresConnection) async throws -> Bool {
        guard case .into(let name) = destination else { return false }
        let found = try await connection.rows("SELECT FROM pg_catalog.pg_database WHERE datname = $1", [name])
        guard !found.isEmpty else { return false }
        guard let object = try await EmptyDatabase(target: server.with(database: name)).firstObject() else { return true }
        throw BackupError(
            .targetExists, "the database \(name) is not empty: it holds \(object)",
            hint: "Name another database, or drop that one first.")
    }

    private func fillEmptyOne(with fill: (ConnectionTarget) async throws -> RestoredContents?) async throws -> RestoredDatabase {
        let name = destination.database
        do {
            return RestoredDatabase(database: name, keptAs: nil, contents: try await fill(server.with(database: name)))
        } catch {
            throw await takingBack(error, "what was restored into \(name) could not be removed") { server in
                try await EmptyDatabase(target: server.with(database: name)).emptyAgain()
            }
        }
    }

    private var unfinished: UnfinishedDatabase { UnfinishedDatabase(name: destination.workingName) }

    /// Puts the filled database where it was wanted.
    /// - Returns: what the database is called now whose place was taken.
    private func put(over connection: PostgresConnection, _ dress: (String) async throws -> Void) async throws -> String? {
        guard case .replacing(let name, let names, let terminates) = destination else {
            try await unfinished.rename(to: destination.database, over: connection)
            return nil
        }
        try await unfinished.markFinished(over: connection)
        try await dress(unfinished.name)
        let swap = DatabaseSwap(server: server, names: names, database: name, terminatesSessions: terminates)
        return try await swap.run(over: connection) ? names.before : nil
    }

    private func takingBack(
        _ error: any Error, _ failure: String, _ undo: @escaping @Sendable (ConnectionTarget) async throws -> Void
    ) async -> any Error {
        let server = server
        do {
            try await uncancelled { try await undo(server) }
            return error
        } catch let second {
            let code = (error as? BackupError)?.code ?? .failed
            return BackupError(
                code, "\(error); \(failure) (\(second))",
                hint: "Remove it by hand when the server answers again; the next restore of the same backup does it, too.",
                cause: FailedUndo(of: error))
        }
    }
}
