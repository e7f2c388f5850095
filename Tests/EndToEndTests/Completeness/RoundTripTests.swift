import BackupTestKit
import Testing

@Suite("What comes back equals what was there")
struct RoundTripTests {
    @Test(
        "pg_dump and psql reproduce the database that has everything, so that the comparison is fair",
        arguments: PostgresInstallation.supportedMajors)
    func peerReproducesIt(version: Int) async throws {
        try await withEverything(version: version) { server, source, original in
            try await withDatabase(version: version) { server, copy in
                try await server.copyWithPeers(source, into: copy)
                let copied = try await server.fingerprint(of: copy)
                #expect(copied.differences(from: original) == [])
            }
        }
    }

    @Test("a backup restored by zcat and psql is the database again", arguments: PostgresInstallation.supportedMajors)
    func plainRestore(version: Int) async throws {
        try await withEverything(version: version) { server, source, original in
            try await withAdmin(server) { admin in
                let dump = try await admin.backup(source, "--jobs", "2")
                try await withDatabase(version: version) { server, copy in
                    try await server.restorePlainly(dump, into: copy)
                    let copied = try await server.fingerprint(of: copy)
                    #expect(copied.differences(from: original) == [])
                }
            }
        }
    }

    @Test("a backup of a hot standby holds what the primary has, but for unlogged rows", arguments: [13, 15, 18])
    func standby(version: Int) async throws {
        try requireServer(version)
        try await PostgresInstallation.required(version).addExtension(from: Fixture.path("extension"))
        try await withPostgres(version: version) { primary in
            try await primary.createDatabase("everything")
            try await primary.loadEverything(into: "everything")
            try await primary.psql("TRUNCATE public.unlogged", database: "everything")
            let original = try await primary.fingerprint(of: "everything")
            try await primary.psql("INSERT INTO public.unlogged VALUES (1, 'a standby has no such rows')", database: "everything")
            let dumped = try await withStandby(of: primary) { standby in
                try await withAdmin(standby) { admin in
                    let dump = try await admin.backup("everything", "--jobs", "2")
                    try await primary.createDatabase("copy")
                    try await primary.restorePlainly(dump, into: "copy")
                    return try await primary.fingerprint(of: "copy")
                }
            }
            #expect(dumped.differences(from: original) == [])
        }
    }
}
