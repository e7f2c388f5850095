import BackupTestKit
import SystemPackage
import Testing

@Suite("db restore")
struct RestoreTests {
    @Test("brings the database that has everything back in parallel", arguments: PostgresInstallation.supportedMajors)
    func everything(version: Int) async throws {
        try await withEverything(version: version) { server, source, original in
            try await withAdmin(server) { admin in
                let dump = try await admin.backup(source, "--jobs", "2")
                let copy = "\(source)_copy"
                try await admin.command("db", "restore", dump.string, "--into", copy, "--jobs", "3", "--yes").output()
                let copied = try await server.fingerprint(of: copy)
                try await server.dropDatabase(copy)
                #expect(copied.differences(from: original) == [])
            }
        }
    }

    @Test("takes one table alone, into a new database")
    func oneTable() async throws {
        try await withCalls { server, database, admin in
            let dump = try await admin.backup(database)
            let copy = "\(database)_copy"
            try await admin.command("db", "restore", dump.string, "--into", copy, "--table", "agents", "--yes").output()
            let found = try await server.psql("SELECT count(*), to_regclass('calls'), to_regclass('teams') FROM agents", database: copy)
            try await server.dropDatabase(copy)
            #expect(found == "100||")
        }
    }

    @Test("replaces a database and keeps what was there")
    func replace() async throws {
        try await withCalls { server, database, admin in
            let dump = try await admin.backup(database)
            try await server.psql("DELETE FROM agents", database: database)
            try await admin.command("db", "restore", dump.string, "--replace", "--yes").output()
            let kept = try await server.psql("SELECT datname FROM pg_database WHERE datname LIKE '\(database)_before_%'")
            let restored = try await server.psql("SELECT count(*) FROM agents", database: database)
            let before = try await server.psql("SELECT count(*) FROM agents", database: kept)
            try await server.dropDatabase(kept)
            #expect(restored == "100")
            #expect(before == "0")
        }
    }

    @Test("refuses a database that holds something, and leaves it alone")
    func refusesOccupied() async throws {
        try await withCalls { server, database, admin in
            let dump = try await admin.backup(database)
            let outcome = try await admin.command("db", "restore", dump.string, "--into", database, "--yes").outcome()
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains(database))
            let rows = try await server.psql("SELECT count(*) FROM agents", database: database)
            #expect(rows == "100")
        }
    }

    @Test("a damaged dump leaves no database behind", arguments: [0.3, 0.6, 0.95])
    func damaged(place: Double) async throws {
        try await withCalls { server, database, admin in
            let dump = try await admin.backup(database)
            try await Command("bash", ["-c", Self.flip, "flip", dump.string, "\(place)"]).output()
            let outcome = try await admin.command("db", "restore", dump.string, "--into", "\(database)_copy", "--yes").outcome()
            #expect(outcome.status == 3, "\(outcome)")
            let left = try await server.psql("SELECT count(*) FROM pg_database WHERE datname LIKE '\(database)_%'")
            #expect(left == "0")
        }
    }

    @Test("a signal in the middle: nothing half-made stays", arguments: [500, 2_000, 8_000])
    func interrupted(bytes: Int) async throws {
        try await withCalls { server, database, admin in
            let dump = try await admin.backup(database)
            let copy = "\(database)_copy"
            try await withFaultProxy(to: server.port, .stall(afterBytes: bytes)) { proxy in
                let outcome = try await admin.command(through: proxy, "db", "restore", dump.string, "--into", copy, "--yes").outcome {
                    program in
                    await proxy.reached(bytes)
                    try program.send(.interrupt)
                    proxy.resume()
                }
                #expect(outcome.status == 130, "\(outcome)")
            }
            let left = try await server.psql("SELECT count(*) FROM pg_database WHERE datname LIKE '\(database)_%'")
            #expect(left == "0")
        }
    }

    /// Flips one bit at a part of a file, `flip FILE PART`.
    private static let flip = """
        at=$(awk -v size="$(stat -c %s "$1")" -v part="$2" 'BEGIN { print int(size * part) }')
        byte=$(od -An -tu1 -j "$at" -N 1 "$1")
        printf '%b' "\\\\x$(printf '%02x' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
        """

    @Test("a custom archive brings back what is known of it: from its manifest, and from its own head where there is none")
    func customArchive() async throws {
        try await withCalls { server, database, admin in
            try await admin.command("db", "backup", "--database", database, "--format", "custom").output()
            let name = try #require(try await admin.entries().first { $0.hasSuffix("Z.dump") })
            let id = String(name.dropFirst(database.count + 1).dropLast(".dump".count))
            #expect(try await admin.command("db", "show", "latest").output().contains("server      PostgreSQL \(server.major)."))
            let plan = try await admin.command("db", "restore", "latest", "--dry-run").output()
            #expect(plan.hasPrefix("Restore of \(database) into the database \(database)_restored_\(id)\n  taken "))
            #expect(plan.contains("PostgreSQL \(server.major)."))
            #expect(plan.contains("an archive in pg_dump's own format"))
            #expect(plan.contains("check them with: call-center-admin db verify-backup \(admin.folder)/\(name)\n"))
            let foreign = admin.folder.appending("foreign.dump").string
            try await Command("mv", [admin.folder.appending(name).string, foreign]).output()
            let foreignPlan = try await admin.command("db", "restore", foreign, "--dry-run").output()
            #expect(foreignPlan.hasPrefix("Restore of \(database) into the database \(database)_restored_"))
            #expect(foreignPlan.contains("another program's dump"))
            let compared = try await admin.command("db", "restore", foreign, "--read-back").outcome()
            #expect(compared.status == 2)
            #expect(compared.errors.contains("a dump of pg_dump has no digests to compare with"))
        }
    }
}
