import BackupModel
package import ScratchServers

/// A PostgreSQL of one's own that is soon gone.
package struct ScratchPostgres: Sendable {
    /// Its database `postgres`, as its only superuser; the password is in it.
    package let target: ConnectionTarget
    /// As the server numbers it: 170002 for 17.2.
    package let version: Int
    package let programs: ServerPrograms
    /// The role the server was made with. Its name is random, so that a script may create the role `postgres`.
    package let superuser: String
    package let server: ScratchServer
    /// Bytes that one index build may use within the server's bound.
    package let indexMemory: Int64
    let login: ScratchLogin

    package var folder: String { server.folder.path }

    /// For client programs that work on what comes out of a file: as the server's account, beside the server, with nothing of our environment,
    /// which may hold secrets.
    package var surroundings: ProgramSurroundings {
        ProgramSurroundings(isOtherAccount: server.folder.account.isOther, environment: ScratchTools.environment) { [server] in
            server.besideServer($0)
        }
    }

    /// Makes an empty folder that `CREATE TABLESPACE … LOCATION` accepts.
    /// - Parameter name: a plain word, not a tablespace's own name.
    package func makeTablespaceFolder(_ name: String) throws -> String {
        try server.folder.makeFolder("tablespace_" + name)
    }

    /// Has the server stopped properly and its folder left in place when the body is over, whichever way it ends.
    package func keep() throws -> KeptScratchPostgres {
        let kept = try server.keep()
        let (file, home) = (ScratchServer.quoted("\(folder)/pgpass"), ScratchServer.quoted(server.folder.home))
        try? server.folder.write("*:*:*:\(superuser):\(login.password.reveal())\n", to: "pgpass", forServer: false)
        return KeptScratchPostgres(
            folder: kept.folder, start: kept.start, removal: kept.removal,
            connection: "PGPASSFILE=\(file) psql -h \(home) -p 5432 -U \(superuser) -d postgres")
    }
}

/// A scratch PostgreSQL that was left for inspection: command lines for a shell.
package struct KeptScratchPostgres: Sendable, Equatable {
    package let folder: String
    /// Starts the server again, in the foreground.
    package let start: String
    /// Removes it.
    package let removal: String
    /// Opens a session once it runs.
    package let connection: String
}
