import BackupTestKit
import Postgres
import ScratchServers
import SystemPackage

/// Scratch servers in a place of one test, of the programs the tests have.
struct ScratchDatabases {
    let folder: FilePath

    func request(_ major: Int = 15) throws -> ScratchPostgresRequest {
        ScratchPostgresRequest(
            major: major, place: ScratchPlace(folder: folder.string), programs: try PostgresInstallation.required(major).programs.string)
    }

    /// The scratch folders there are.
    func entries() async throws -> [String] {
        try await Command("ls", ["-A", folder.string]).output().split(separator: "\n").map(String.init)
    }
}

/// Runs `body` with a place for scratch servers that the account they run as can get into.
func withScratchDatabases<Value: Sendable>(_ body: (ScratchDatabases) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { try await body(ScratchDatabases(folder: $0)) }
}

extension ScratchPostgres {
    /// Asks one question of its database `postgres`.
    func ask(_ sql: String) async throws -> [[String?]] {
        try await PostgresConnection.with(target, applicationName: "test") { try await $0.rows(sql) }
    }
}

extension ScratchPostgres {
    /// Runs statements in its database `postgres`, each in a transaction of its own.
    func run(_ sql: String) async throws {
        try await PostgresConnection.with(target, applicationName: "test") { connection in
            for statement in sql.contains("$$") ? [sql] : sql.split(separator: ";").map(String.init) {
                try await connection.execute(statement)
            }
        }
    }
}
