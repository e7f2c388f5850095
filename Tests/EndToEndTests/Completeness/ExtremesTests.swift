import BackupTestKit
import DumpFormat
import Testing

@Suite("Very many tables, very large values")
struct ExtremesTests {
    @Test("5,000 tables are in one dump, each with its row, and come back")
    func manyTables() async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(
                """
                DO $$ BEGIN FOR i IN 1..5000 LOOP
                  EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, v text)', i); EXECUTE format('INSERT INTO t%s VALUES (%s, ''v'')', i, i);
                END LOOP; END $$
                """, database: source)
            try await withAdmin(server) { admin in
                let dump = try await admin.backup(source, "--jobs", "2")
                let index = try await DumpIndex(of: dump)
                #expect(index.tables.count == 5000)
                #expect(index.tables.allSatisfy { $0.rows == 1 })
                let found = try await admin.restored(dump) { copy in
                    try await server.psql(
                        "SELECT count(*), sum(reltuples) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
                        database: copy)
                }
                #expect(found == "5000|5000")
            }
        }
    }

    @Test("a value of 200 MB comes back")
    func giantValue() async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(
                "CREATE TABLE giants (id int, v text); ALTER TABLE giants ALTER v SET STORAGE EXTERNAL; INSERT INTO giants SELECT 1, repeat(E'200 MB of \\\\\\n ', 18000000)",
                database: source)
            let digest = "SELECT count(*), sum(length(v)), min(md5(v)) FROM giants"
            let original = try await server.psql(digest, database: source)
            try await withAdmin(server) { admin in
                let dump = try await admin.backup(source)
                try await withDatabase { server, copy in
                    try await server.restorePlainly(dump, into: copy)
                    let copied = try await server.psql(digest, database: copy)
                    #expect(copied == original)
                }
                let restored = try await admin.restored(dump) { try await server.psql(digest, database: $0) }
                #expect(restored == original)
            }
        }
    }
}
