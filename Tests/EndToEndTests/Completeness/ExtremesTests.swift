import BackupTestKit
import DumpFormat
import Testing

@Suite("Very many tables, very large values")
struct ExtremesTests {
    @Test("5,000 tables are in one dump, each with its row")
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
                let index = try await DumpIndex(of: try await admin.backup(source, "--jobs", "2"))
                #expect(index.tables.count == 5000)
                #expect(index.tables.allSatisfy { $0.rows == 1 })
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
            }
        }
    }
}
