import BackupTestKit
import DumpFormat
import Testing

@testable import Postgres

@Suite struct EmptyDatabaseTests {
    @Test(arguments: [
        ("CREATE TYPE pair AS (a int, b text)", "type public.pair"),
        ("CREATE FOREIGN DATA WRAPPER far", "foreign-data wrapper far"),
        ("CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw", "extension file_fdw"),
        ("CREATE TYPE mood AS ENUM ('good')", "type public.mood"), ("CREATE DOMAIN code AS text", "type public.code"),
        ("CREATE SCHEMA other", "schema other"), ("SELECT lo_create(1)", "large object 1"),
        ("CREATE CAST (int AS point) WITH INOUT", "cast (integer AS pg_catalog.point)"),
    ])
    func whatStandsInADatabaseIsNamed(statement: String, object: String) async throws {
        try await withDatabase { server, database in
            let empty = EmptyDatabase(target: try server.target.with(database: database))
            #expect(try await empty.firstObject() == nil)
            try await server.psql(statement, database: database)
            #expect(try await empty.firstObject() == object)
            try await empty.emptyAgain()
            #expect(try await empty.firstObject() == nil)
        }
    }

    @Test(arguments: 14...18)
    func itIsEmptyAgainWhateverARestoreHadMade(version: Int) async throws {
        try requireServer(version)
        try await withDatabase(version: version) { server, database in
            let target = try server.target.with(database: database)
            try await server.psql(CensusTests.objects, database: database)
            try await EmptyDatabase(target: target).emptyAgain()
            let left = try await PostgresConnection.with(target, applicationName: "tests") { try await Census.read(over: $0) }
            #expect(left == Census([:]))
        }
    }
}
