import BackupTestKit
import DumpFormat
import Testing

@Suite("The census in the index")
struct CensusTests {
    @Test("counts the same in the database that is restored", arguments: PostgresInstallation.supportedMajors)
    func everything(version: Int) async throws {
        try await withEverything(version: version) { server, source, _ in
            try await comesBackAlike(source, on: server) { census in
                #expect(census.counts["triggers"] == 7)
                #expect(census.counts["large objects"] == 1103)
            }
        }
    }

    @Test("leaves out what pg_dump leaves out", arguments: 14...18)
    func history(version: Int) async throws {
        try requireServer(version)
        try await PostgresInstallation.required(version).addExtension(from: Fixture.path("extension"))
        try await withDatabase(version: version) { server, source in
            try await server.psql(file: Fixture.path("history.sql"), database: source)
            try await comesBackAlike(source, on: server) { census in
                #expect(census.counts["extensions"] == 4)
                #expect(census.counts["user mappings"] == 1)
            }
        }
    }

    private func comesBackAlike(_ source: String, on server: PostgresServer, _ look: (Census) -> Void) async throws {
        try await withAdmin(server) { admin in
            let dump = try await admin.backup(source, "--jobs", "2")
            let expected = try #require(try await DumpIndex(of: dump).census)
            look(expected)
            let again = try await admin.restored(dump) { copy in try await DumpIndex(of: admin.backup(copy)).census }
            let found = try #require(again)
            #expect(Census.differences(expected: expected, found: found) == [])
        }
    }
}
