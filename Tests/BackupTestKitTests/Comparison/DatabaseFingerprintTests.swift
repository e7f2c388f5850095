import BackupTestKit
import Testing

@Suite("Fingerprints of databases")
struct DatabaseFingerprintTests {
    @Test("copies by pg_dump and psql have the same fingerprint; a changed value, sequence or definition another")
    func tellsDifferences() async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(
                """
                CREATE TABLE "t.x" (b text, a serial PRIMARY KEY, f float8); INSERT INTO "t.x" (b) SELECT 'r' || i FROM generate_series(1, 100) i;
                CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES; SELECT lo_from_bytea(7, 'seven');
                """, database: source)
            let original = try await server.fingerprint(of: source)
            #expect(original.contents[#"public."t.x""#]?.hasPrefix("100 rows") == true)
            try await withDatabase { server, copy in
                try await server.psql(try await server.command("pg_dump", ["-d", source]).output(), database: copy)
                let copied = try await server.fingerprint(of: copy)
                #expect(copied.differences(from: original) == [])
                try await server.psql(
                    """
                    UPDATE "t.x" SET b = 'R1' WHERE a = 1; ALTER TABLE "t.x" ALTER f SET DEFAULT 2; SELECT nextval('"t.x_a_seq"');
                    SELECT lo_put(7, 0, 'S');
                    """, database: copy)
                let differences = try await server.fingerprint(of: copy).differences(from: original)
                #expect(differences.count == 5)
                #expect(differences.contains { $0.hasPrefix("large object 7") })
            }
        }
    }
}
