package import SystemPackage

/// A private PostgreSQL server of one test or one test process, on 127.0.0.1 and a Unix socket in its own folder.
package struct PostgresServer: Sendable {
    package let installation: PostgresInstallation
    package let host = "127.0.0.1"
    package let port: Int
    /// Holds `data`, `log`, the socket, certificates; owned by the account that runs the server.
    package let folder: FilePath
    package let user = "postgres"
    /// nil where the server trusts everyone.
    package let password: String?

    package var major: Int { installation.major }
    package var dataFolder: FilePath { folder.appending("data") }
    package var logFile: FilePath { folder.appending("log") }
    package func program(_ name: String) -> FilePath { installation.client.programs.appending(name) }

    /// A connection URL without the password, which goes through `environment`.
    package func url(database: String = "postgres", port: Int? = nil) -> String {
        "postgresql://\(user)@\(host):\(port ?? self.port)/\(database.percentEncoded)"
    }

    /// What libpq's own variables have to be for its programs to find the server; inherited ones are taken out of the way.
    package var environment: [String: String?] {
        [
            "PGHOST": host, "PGPORT": "\(port)", "PGUSER": user, "PGPASSWORD": password, "PGDATABASE": nil, "PGSERVICE": nil,
            "PGOPTIONS": nil, "PGPASSFILE": "/nonexistent", "PSQLRC": "/dev/null",
        ]
    }

    /// One of the client programs that fit the server, ready to run against it.
    package func command(_ name: String, _ arguments: [String]) -> Command {
        Command(program(name).string, arguments, environment: environment)
    }
}

extension PostgresServer {
    /// Runs SQL through psql, stopping at the first error.
    /// - Returns: The rows, unaligned and without headers.
    @discardableResult
    package func psql(_ sql: String, database: String = "postgres") async throws -> String {
        let output = try await command("psql", Self.psqlOptions + ["-d", database, "-f", "-"]).output(input: sql)
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// Runs a file through psql, stopping at the first error. `variables` are psql's `-v`.
    package func psql(file: FilePath, database: String, variables: [String: String] = [:]) async throws {
        let options = variables.flatMap { ["-v", "\($0)=\($1)"] }
        try await command("psql", Self.psqlOptions + options + ["-d", database, "-f", file.string]).output()
    }

    /// Makes a database; `options` are added to the statement (`ENCODING 'LATIN1' LOCALE 'C'`).
    package func createDatabase(_ name: String, template: String = "template0", _ options: String = "") async throws {
        try await psql("CREATE DATABASE \(Self.quoted(name)) TEMPLATE \(Self.quoted(template)) \(options)")
    }

    package func dropDatabase(_ name: String) async throws {
        try await psql("DROP DATABASE IF EXISTS \(Self.quoted(name)) WITH (FORCE)")
    }

    /// Kills the postmaster and everything it runs, as a crash of the machine would.
    package func crash() async throws {
        let postmaster = "$(head -n 1 '\(dataFolder)/postmaster.pid')"
        try await Command("bash", ["-c", "p=\(postmaster); kill -9 \"$p\" $(cat /proc/$p/task/$p/children)"]).output()
    }

    package static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static let psqlOptions = ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
}
