/// Roles and tablespaces, which belong to the whole server and are in no database's dump.
package struct GlobalsDump: Sendable {
    private let request: DumpRequest

    package init(_ request: DumpRequest) {
        self.request = request
    }

    /// pg_dumpall's script, which is small: a line or two per role.
    /// - Returns: also whether the roles' passwords are in it; only a superuser may read them.
    package func read() async throws -> (script: [UInt8], holdsPasswords: Bool) {
        let (version, isSuperuser) = try await ask()
        let programs = try await ClientPrograms.find(forServer: version, preferred: request.programFolder, path: request.searchPath)
        var arguments = ["--globals-only", "--database=\(request.target.keywords["dbname"] ?? "postgres")"]
        if !isSuperuser { arguments.append("--no-role-passwords") }
        var restrictions = RestrictLines()
        var script: [UInt8] = []
        let run = ProgramRun("pg_dumpall", of: programs, arguments: arguments.map { Array($0.utf8) }, target: request.target)
        try await run.forEachChunk { script += try restrictions.append($0) }
        return (script + (try restrictions.finish()), isSuperuser)
    }

    private func ask() async throws -> (version: Int, isSuperuser: Bool) {
        try await PostgresConnection.with(request.target, applicationName: "call-center-backup globals") { connection in
            let superuser = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
            let isSuperuser = try await connection.rows(superuser).first?.first == "t"
            return (try await connection.serverVersion, isSuperuser)
        }
    }
}
