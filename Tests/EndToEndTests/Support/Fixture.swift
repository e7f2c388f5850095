import BackupTestKit
import Foundation
import SystemPackage

/// The SQL files beside these tests.
enum Fixture {
    static func path(_ name: String) -> FilePath {
        FilePath(Bundle.module.bundlePath).appending("Fixtures").appending(name)
    }
}

extension PostgresServer {
    func loadEverything(into database: String) async throws {
        try await psql(file: Fixture.path("everything.sql"), database: database)
        if major >= 18 { try await psql(file: Fixture.path("everything-18.sql"), database: database) }
    }

    /// What an operator without any of our programs would do.
    func restorePlainly(_ dump: FilePath, into database: String) async throws {
        try await pipe("zcat \"$1\"", dump.string, into: database)
    }

    /// What a copy by PostgreSQL's own programs is.
    func copyWithPeers(_ source: String, into database: String) async throws {
        try await pipe("'\(program("pg_dump"))' -d \"$1\"", source, into: database)
    }

    private func pipe(_ producer: String, _ argument: String, into database: String) async throws {
        let script = "set -o pipefail; \(producer) | '\(program("psql"))' -X -q -v ON_ERROR_STOP=1 -d \"$2\" >/dev/null"
        try await Command("bash", ["-c", script, "pipe", argument, database], environment: environment).output()
    }
}
