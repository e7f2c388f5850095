import BackupTestKit
import DumpFormat
import DumpSamples
import SystemPackage
import Testing

@Suite("A database in another time zone than UTC")
struct TimeZoneTests {
    @Test(
        "is proved by restore, and restores with psql to the same",
        arguments: [
            ([:], "ALTER DATABASE \"%\" SET TimeZone = 'Europe/Moscow'"), ([:], "ALTER ROLE postgres SET TimeZone = 'America/St_Johns'"),
            (["timezone": "Europe/Moscow"], "SELECT"),
        ] as [([String: String], String)])
    func proved(settings: [String: String], statement: String) async throws {
        try await withZoned(settings, statement) { server, admin in
            let dump = try await admin.backup("zoned")
            let shown = try await admin.shown()
            #expect(shown.state == "verified", "\(shown.verifications)")
            #expect(shown.verifications.first?.notProved?.contains { $0.contains("words these definitions otherwise") } != true)
            // What looks at the databases has a time zone of its own.
            try await server.psql("ALTER DATABASE zoned RESET TimeZone")
            let fingerprint = try await server.fingerprint(of: "zoned")
            for zone in ["Asia/Kathmandu", "UTC"] {
                try await server.createDatabase("plain")
                try await server.psql("ALTER DATABASE plain SET TimeZone = '\(zone)'")
                try await server.restorePlainly(dump, into: "plain")
                try await server.psql("ALTER DATABASE plain RESET TimeZone")
                let restored = try await server.fingerprint(of: "plain")
                #expect(fingerprint.differences(from: restored) == [])
                try await server.dropDatabase("plain")
            }
        }
    }

    @Test("is proved, too, from a file that has the time zone's own offsets in its definitions")
    func ownOffsets() async throws {
        try await withZoned([:], "SELECT") { _, admin in
            let dump = try await admin.backup("zoned")
            var forgery = try await DumpForgery(of: DumpReader(bytes: [UInt8](contentsOf: dump)))
            var changes = 0
            while forgery.replaceText(in: .preData, "2026-01-01 00:00:00+00", with: "2026-01-01 03:00:00+03") { changes += 1 }
            #expect(changes > 1)
            try forgery.write().write(to: admin.folder.appending("own-offsets.sql.gz"))
            let verified = try await admin.command(
                "db", "verify-backup", admin.folder.appending("own-offsets.sql.gz").string, "--level", "restore"
            ).outcome()
            #expect(verified.status == 0, "\(verified)")
        }
    }

    private func withZoned(
        _ settings: [String: String], _ statement: String, _ body: (PostgresServer, AdminProgram) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withPostgres(version: 15, settings: settings) { server in
            try await server.createDatabase("zoned")
            try await server.psql(statement.replacing("%", with: "zoned"))
            try await server.psql(file: Fixture.path("zoned.sql"), database: "zoned")
            try await withAdmin(server) { try await body(server, try await $0.proving(["BACKUP_VERIFY_LEVEL": "restore"])) }
        }
    }
}
