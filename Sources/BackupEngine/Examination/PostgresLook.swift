import BackupModel
import BackupReports
import Doctor
import Postgres

/// Looks at PostgreSQL without taking a lock on anything of the user's.
struct PostgresLook: Sendable {
    let configuration: BackupConfiguration
    let looking: Looking
    /// Where the server is meant to be.
    let place: Surroundings.Place
    /// This host's clock, which is held against the server's.
    let now: @Sendable () -> Instant

    func callAsFunction() async -> PostgresCondition {
        async let server = server()
        async let databases = databases()
        async let programs = programs()
        let found = await server
        async let words = lastWords(of: found)
        let neighbours = await neighbours(of: found)
        var condition = PostgresCondition(server: found, databases: await databases, programs: await programs)
        condition.neighbours = neighbours
        condition.lastWords = await words
        return condition.guessing()
    }

    /// Beside what may be the trouble of the server itself: nobody listens, it begins or ends, it is silent, or it fails in another way. A refused
    /// password or role is told by the answer; the log says no more of that.
    private func lastWords(of server: Known<PostgresCondition.Server>) async -> String? {
        guard let kind = server.trouble?.kind, [.notListening, .notReady, .silent, .other].contains(kind), place.isLocal else { return nil }
        let look = PostgresLogLook(port: place.port, now: now())
        return await looking.within(DoctorRun.limits.after).at(
            Bilingual("the log of PostgreSQL", "лог PostgreSQL"), explaining: Trouble.plain
        ) { look.lastWords() }.value ?? nil
    }

    /// Where nobody listens it may be the port that is wrong.
    private func neighbours(of server: Known<PostgresCondition.Server>) async -> [Surroundings.Place] {
        guard server.trouble?.kind == .notListening, place.isLocal else { return [] }
        let look = NeighbourLook(place: place)
        let found = await looking.within(DoctorRun.limits.after).at(
            Bilingual("other servers of PostgreSQL", "другие серверы PostgreSQL"), explaining: Trouble.plain
        ) { look.look() }
        return found.value ?? []
    }

    private func with<Value: Sendable>(_ database: String, _ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        try await PostgresConnection.with(configuration.source.with(database: database), applicationName: "call-center-admin doctor", body)
    }

    /// Whatever has become of our databases, the server has one that it keeps for such questions.
    private func withServer<Value: Sendable>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        do { return try await with(configuration.databases[0], body) } catch let error as BackupError
            where [.databaseMissing, .databaseClosed].contains(Trouble.ofPostgres(error).kind)
        { return try await with("postgres", body) }
    }

    private func server() async -> Known<PostgresCondition.Server> {
        await looking.at(Bilingual(quoting: "PostgreSQL"), explaining: Trouble.ofPostgres) {
            try await withServer { try await ServerLook(connection: $0, now: now).read() }
        }
    }

    private func databases() async -> [PostgresCondition.Database] {
        await withTaskGroup(of: (Int, PostgresCondition.Database).self) { group in
            for (place, name) in configuration.databases.enumerated() {
                group.addTask {
                    let contents = await looking.at(Bilingual("the database \(name)", "база \(name)"), explaining: Trouble.ofPostgres) {
                        try await with(name) { connection in
                            var found = try await ContentsLook(connection: connection).read()
                            if name == configuration.mainDatabase { found.lockStranger = try await lockStranger(connection) }
                            return found
                        }
                    }
                    return (place, PostgresCondition.Database(name: name, identifier: SQL.identifier(name), contents: contents))
                }
            }
            return await group.reduce(into: [(Int, PostgresCondition.Database)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Runs say who they are (`SourceLock`). What the server does not tell of a holder, as of one that has just ended, makes nobody a stranger.
    private func lockStranger(_ connection: PostgresConnection) async throws -> LockSession? {
        guard let holder = try await AdvisoryLock(over: connection).holder(), let application = holder.application,
            !application.hasPrefix(SourceLock.applicationName)
        else { return nil }
        return LockSession(
            process: holder.process, role: holder.role, application: application, address: holder.address, since: holder.since)
    }

    /// Those a dump would be taken with; without a server the newest there are.
    private func programs() async -> Known<PostgresCondition.Programs> {
        await looking.at(Bilingual(quoting: "pg_dump"), explaining: Trouble.ofPostgres) {
            let found: ClientPrograms?
            do {
                let version = try await withServer { try await $0.serverVersion }
                found = try await ClientPrograms.find(
                    forServer: version, preferred: configuration.programFolder, path: configuration.searchPath)
            } catch let error as BackupError where error.code != .versionMismatch {
                found = await ClientPrograms.newest(preferred: configuration.programFolder, path: configuration.searchPath)
            }
            guard let found else {
                throw BackupError(
                    .versionMismatch, "no pg_dump was found", hint: "Install the PostgreSQL client, or name its folder in PG_BIN_DIR.")
            }
            var programs = PostgresCondition.Programs(folder: found.folder, major: found.major, minor: found.minor)
            if let psql = await found.release(of: "psql"), let minor = psql.minor { programs.psql = .init(major: psql.major, minor: minor) }
            return programs
        }
    }
}

extension PostgresCondition {
    /// What databases that are not there may be called now.
    fileprivate func guessing() -> PostgresCondition {
        var condition = self
        let wanted = Set(databases.map(\.name))
        let others = (server.value?.sizes.map(\.database) ?? []).filter { !wanted.contains($0) }
        for place in databases.indices where databases[place].contents.trouble?.kind == .databaseMissing {
            condition.databases[place].nearest = Suggestion.nearest(to: databases[place].name, among: others)
        }
        return condition
    }
}
