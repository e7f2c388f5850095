import BackupModel

/// Roles and tablespaces, which belong to the whole server and are in no database's dump.
package struct GlobalsDump: Sendable {
    private let request: DumpRequest

    package init(_ request: DumpRequest) {
        self.request = request
    }

    /// pg_dumpall's script, which is small: a line or two per role.
    /// - Returns: also whether the roles' passwords are in it; only a superuser may read them.
    package func read() async throws -> (script: [UInt8], holdsPasswords: Bool) {
        let (database, version, isSuperuser) = try await ask()
        let programs = try await ClientPrograms.find(forServer: version, preferred: request.programFolder, path: request.searchPath)
        var arguments = ["--globals-only", "--database=\(database)"]
        if !isSuperuser { arguments.append("--no-role-passwords") }
        var portable = PortableScript()
        var script: [UInt8] = []
        let run = ProgramRun(
            "pg_dumpall", of: programs, arguments: arguments.map { Array($0.utf8) }, target: request.target, stallLimit: request.stallLimit)
        try await run.forEachChunk { script += try portable.append($0) }
        return (script + (try portable.finish()), isSuperuser)
    }

    /// Any database will do, so one that is missing or closed to us does not stop the others' backup.
    private func ask() async throws -> (database: String, version: Int, isSuperuser: Bool) {
        var refusal: (any Error)?
        for database in [request.target.keywords["dbname"] ?? "postgres", "postgres", "template1"] {
            do { return try await ask(database) } catch let error as BackupError {
                guard error.cause is PostgresError, error.code != .authenticationFailed else { throw error }
                refusal = refusal ?? error
            }
        }
        throw refusal ?? BackupError(.sourceUnreachable, "no database to ask for the server's roles")
    }

    private func ask(_ database: String) async throws -> (database: String, version: Int, isSuperuser: Bool) {
        let target = request.target.with(database: database)
        return try await PostgresConnection.with(target, applicationName: "call-center-backup globals") { connection in
            let superuser = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
            let isSuperuser = try await connection.rows(superuser).first?.first == "t"
            return (database, try await connection.serverVersion, isSuperuser)
        }
    }
}
