import BackupModel
package import DumpFormat
import Glibc
import ScratchServers
import Subprocess
import SystemPackage

/// Restores a dump the way somebody would who has none of our programs.
package struct StandardToolRestore: Sendable {
    private let path: String
    private let container: Container
    private let source: DumpIndex.Source

    package init(path: String, container: Container, source: DumpIndex.Source) {
        self.path = path
        self.container = container
        self.source = source
    }

    private var expander: String { container == .gzip ? "zcat" : "zstdcat" }

    /// For people.
    package var commandLine: String { "\(expander) | psql" }

    /// Makes the database as the one the dump was taken from, and fills it. The programs run as the server's account: a script can make psql
    /// run anything, and this one comes out of a file.
    /// - Throws: `BackupError` with the programs' own words when one of them ends badly; `ScratchUnavailable` when one is not installed.
    package func run(on scratch: ScratchPostgres, database: String) async throws {
        try requirePrograms(scratch.programs.path(of: "psql"))
        try await Maintenance.open(on: scratch.target) { connection in
            try await DatabaseCreation(name: database, source: source, serverVersion: try await connection.serverVersion)
                .run(over: connection)
        }
        let target = scratch.target.with(database: database)
        let script =
            "set -o pipefail; \(expander) | \"$1\" --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 --set=VERBOSITY=terse --dbname=\"$2\""
        let arguments = ["/bin/bash", "-c", script, "restore", scratch.programs.path(of: "psql"), target.connectionString]
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        let command = scratch.surroundings.commandLine(arguments)
        let result = try await Subprocess.run(
            .path(FilePath(command[0])), arguments: Arguments(Array(command.dropFirst())),
            environment: scratch.surroundings.environment(for: target),
            input: .fileDescriptor(file, closeAfterSpawningProcess: true), output: .discarded, error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            let complaint = ProgramComplaint(result.standardError, of: "psql")
            throw BackupError(.failed, "\(commandLine) stopped: \(complaint)", cause: complaint)
        }
    }

    private func requirePrograms(_ psql: String) throws {
        guard ScratchTools.path(of: expander) != nil else {
            throw ScratchUnavailable(
                .programs, "\(expander) is not installed", hint: "apt install \(container == .gzip ? "gzip" : "zstd").")
        }
        guard access(psql, X_OK) == 0 else {
            throw ScratchUnavailable(.programs, "there is no \(psql)", hint: "apt install postgresql-client, or unset PG_BIN_DIR.")
        }
    }
}
