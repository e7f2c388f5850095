import BackupTestKit
import DumpFormat
import Testing

@testable import Postgres

/// In a database without an encoding names are bytes. The index is JSON, so there several of them may read the same.
@Suite struct SQLASCIITests {
    /// Two tables whose names differ by a byte that is not UTF-8.
    private func withTables(_ body: (PostgresServer, _ source: String) async throws -> Void) async throws {
        try await withDatabase("ENCODING 'SQL_ASCII' LOCALE 'C'") { server, source in
            try await connected(to: source, on: server) { connection in
                for (letter, rows) in [(UInt8(0xE9), 7), (0xE8, 300)] {
                    let name = SQL.identifier([letter])
                    try await connection.execute(bytes("CREATE TABLE ") + name + bytes(" (a text PRIMARY KEY)"))
                    try await connection.execute(
                        bytes("INSERT INTO ") + name + bytes(" SELECT '") + [letter] + bytes("' || i FROM generate_series(1, \(rows)) i"))
                }
            }
            try await body(server, source)
        }
    }

    @Test func tablesWhoseNamesReadTheSameComeBackEachWithItsOwnRows() async throws {
        try await withTables { server, source in
            let dump = try await DumpInMemory.of(source, on: server)
            let names = try await dump.reader().index.tables.map(\.name)
            #expect(names == ["\u{FFFD}", "\u{FFFD}"])
            try await withNewName(on: server) { name in
                _ = try await server.restore(dump, to: .new(name), RestoreOptions(jobs: 3, readsBack: true))
                let rows = try await rows(of: name, on: server)
                #expect(rows == ["7", "300"])
            }
        }
    }

    /// Whoever names one of them gets both, never one with the other's rows.
    @Test func oneOfThemAloneBringsTheOtherAlong() async throws {
        try await withTables { server, source in
            let dump = try await DumpInMemory.of(source, on: server)
            try await withNewName(on: server) { name in
                _ = try await server.restore(dump, to: .new(name), RestoreOptions(tables: ["public.\u{FFFD}"], readsBack: true))
                let rows = try await rows(of: name, on: server)
                #expect(rows == ["7", "300"])
            }
        }
    }

    @Test func theyStandInTheFileInTheSameOrderEveryTime() async throws {
        try await withTables { server, source in
            let first = try await DumpInMemory.of(source, on: server).reader().index
            let second = try await DumpInMemory.of(source, on: server).reader().index
            #expect(first.tables == second.tables && first.tables.map(\.rows) == [300, 7])
        }
    }

    /// How many rows each table has that are its own.
    private func rows(of database: String, on server: PostgresServer) async throws -> [String] {
        try await connected(to: database, on: server) { connection in
            var counts: [String] = []
            for letter in [UInt8(0xE9), 0xE8] {
                let query =
                    bytes("CREATE OR REPLACE FUNCTION pg_temp.own() RETURNS bigint LANGUAGE sql AS $$SELECT count(*) FROM ")
                    + SQL.identifier([letter]) + bytes(" WHERE a LIKE '") + [letter] + bytes("%'$$")
                try await connection.execute(query)
                counts += try await connection.rows("SELECT pg_temp.own()").compactMap { $0[0] }
            }
            return counts
        }
    }

    private func connected<Value: Sendable>(
        to database: String, on server: PostgresServer, _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await PostgresConnection.with(ConnectionTarget(url: server.url(database: database)), applicationName: "tests") { connection in
            try await connection.execute("SET client_encoding = 'SQL_ASCII'")
            return try await body(connection)
        }
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}
