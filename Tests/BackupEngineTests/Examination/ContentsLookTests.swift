import BackupModel
import BackupTestKit
import Doctor
import Postgres
import Testing

@testable import BackupEngine

@Suite("A look into a database")
struct ContentsLookTests {
    private func look(_ server: PostgresServer, _ database: String, as user: String = "postgres") async throws
        -> PostgresCondition.Contents
    {
        let target = try ConnectionTarget(url: "postgresql://\(user)@\(server.host):\(server.port)/\(database)")
        return try await PostgresConnection.with(target, applicationName: "call-center-admin doctor") {
            try await ContentsLook(connection: $0).read()
        }
    }

    @Test("Tells invalid indexes and extensions, and who holds a table though no session does")
    func contents() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.psql(
                """
                CREATE TABLE "Calls" (n int); CREATE INDEX calls_n ON "Calls" (n); CREATE EXTENSION citext;
                UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'calls_n'::regclass;
                """, database: database)
            let name = "it's \(database)"
            try await server.psql(
                "BEGIN; LOCK TABLE \"Calls\"; PREPARE TRANSACTION '\(name.replacing("'", with: "''"))'", database: database)
            let found = try await look(server, database)
            try await server.psql("ROLLBACK PREPARED '\(name.replacing("'", with: "''"))'", database: database)
            #expect(found.locks.map(\.table) == ["public.\"Calls\""])
            #expect(found.locks.first?.holder == .prepared("'it''s \(database)'") && found.locks.first?.user == "postgres")
            #expect(found.invalidIndexes == ["public.calls_n"])
            #expect(found.extensions == ["citext", "plpgsql"] && found.relations == 1 && found.lackingRights == nil)
            #expect(try await look(server, database).locks.isEmpty)
        }
    }

    @Test("A role that may not read everything lacks rights, in one sentence")
    func rights() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            let role = "reader_\(database)"
            try await server.psql("CREATE TABLE calls (n int); CREATE ROLE \(role) LOGIN", database: database)
            let found = try await look(server, database, as: role)
            try await server.psql("DROP ROLE \(role)")
            #expect(found.lackingRights?.message.contains("calls") == true)
        }
    }
}
