import BackupTestKit
import SystemPackage
import Testing

@Suite("Amounts of money in a database with a locale of its own")
struct MoneyTests {
    private static let amounts = "SELECT string_agg(m::numeric::text || ' of ' || most::numeric, ', ' ORDER BY m) FROM prices"

    @Test("are the same amounts wherever they are restored, and proved so")
    func comeBack() async throws {
        try requireServer(15)
        try await withGermanServer { server in
            try await server.createDatabase("shop")
            try await server.psql("ALTER DATABASE shop SET lc_monetary = 'de_DE.utf8'")
            try await server.psql(
                """
                CREATE DOMAIN price AS money CHECK (VALUE < '9.999.999,99'::money);
                CREATE TABLE prices (m money, most price DEFAULT '12.345,67');
                INSERT INTO prices VALUES ('1.234,56'), ('-7,5')
                """, database: "shop")
            #expect(try await server.psql("SELECT m FROM prices LIMIT 1", database: "shop") == "1.234,56 €")
            let original = try await server.psql(Self.amounts, database: "shop")
            #expect(original == "-7.50 of 12345.67, 1234.56 of 12345.67")
            try await withAdmin(server) { admin in
                let dump = try await admin.proving(["BACKUP_VERIFY_LEVEL": "restore"]).backup("shop")
                try await server.createDatabase("copy")
                try await server.restorePlainly(dump, into: "copy")
                #expect(try await server.psql(Self.amounts, database: "copy") == original)
                try await server.psql("INSERT INTO prices VALUES (NULL)", database: "copy")
                #expect(try await server.psql("SELECT most::numeric FROM prices WHERE m IS NULL", database: "copy") == "12345.67")
                #expect(try await admin.restored(dump) { try await server.psql(Self.amounts, database: $0) } == original)
            }
        }
    }

    private func withGermanServer(_ body: (PostgresServer) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try await Command("localedef", ["--no-archive", "-i", "de_DE", "-f", "UTF-8", "\(folder)/de_DE.utf8"]).output()
            try await Command("chmod", ["-R", "a+rX", folder.string]).output()
            try await withPostgres(PostgresBlueprint(environment: ["LOCPATH": folder.string]), body)
        }
    }
}
