import BackupTestKit
import Testing

@testable import DumpFormat
@testable import Postgres

@Suite struct DumpNeedsTests {
    @Test func areReadFromTheDumpAndComparedWithAServer() async throws {
        try await withDatabase { server, source in
            try await server.psql(
                """
                CREATE EXTENSION hstore; CREATE COLLATION own (provider = libc, locale = 'C.utf8');
                CREATE TABLE sorted (a text COLLATE "C.utf8", b text COLLATE own, c text COLLATE "C"); CREATE INDEX ON sorted (a COLLATE "POSIX");
                ALTER TABLE sorted OWNER TO pg_monitor;
                """, database: source)
            var needs = try await DumpNeeds.read(from: try await DumpInMemory.of(source, on: server).reader())
            #expect(needs.extensions.map(\.name) == ["hstore", "plpgsql"])
            #expect(needs.collations == ["C.utf8"])
            #expect(needs.locales.contains(DumpNeeds.Locale(provider: "c", name: "C.utf8")))
            #expect(needs.roles == ["pg_monitor", "postgres"] && needs.tablespaces.isEmpty)
            try await PostgresConnection.with(server.target, applicationName: "tests") { connection in
                let unmet = try await needs.unmet(over: connection)
                #expect(unmet == [])
                needs.extensions.append(.init(name: "nowhere", version: "1.5", schema: "public"))
                needs.locales.insert(DumpNeeds.Locale(provider: "c", name: "tlh_QO.utf8"))
                needs.collations.insert("tlh_QO")
                needs.roles.insert("nobody here")
                needs.tablespaces.insert("no space")
                let missing = try await needs.unmet(over: connection)
                #expect(
                    missing == [
                        "the extension nowhere 1.5 is not installed on this host", "the locale tlh_QO.utf8 is not installed on this host",
                        "the collation tlh_QO is not installed on this host", "the role nobody here is not there",
                        "the tablespace no space is not there",
                    ])
            }
        }
    }
}
