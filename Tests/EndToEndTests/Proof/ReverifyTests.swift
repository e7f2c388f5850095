import BackupTestKit
import Testing

@Suite("db reverify")
struct ReverifyTests {
    @Test("takes on what was never proved, then what was proved longest ago, as many as it is told, until nothing is due")
    func rounds() async throws {
        try await withSmallDatabase { database, admin in
            let admin = try await admin.proving(["BACKUP_VERIFY_LEVEL": "none"])
            for _ in 1...3 { try await admin.backup(database) }
            let ids = try await admin.listed().map(\.id)
            let reverify = try await admin.proving(["BACKUP_REVERIFY_LEVEL": "content", "BACKUP_REVERIFY_COUNT": "10"])
            var due = try await reverify.due()
            #expect(due == ids)
            var levels = try await admin.listed().map { $0.verifications.count }
            #expect(levels == [0, 0, 0])

            try await reverify.command("db", "reverify", "--count", "1").output()
            due = try await reverify.due()
            #expect(due == Array(ids.dropFirst()))
            try await reverify.command("db", "reverify").output()
            levels = try await admin.listed().map { $0.verifications.count }
            #expect(levels == [1, 1, 1])
            let nothing = try await reverify.command("db", "reverify", "--level", "content").output()
            #expect(nothing.contains("Nothing is due"))

            // A proof by restore is more than the content, which then counts as none.
            let proof = try await admin.proving(["BACKUP_REVERIFY_LEVEL": "restore"])
            try await proof.command("db", "reverify").output()
            let states = try await admin.listed().map(\.state)
            #expect(states == ["verified", "checked", "checked"])
            // With an interval of nothing all are due again, and the oldest proof comes first.
            let again = try await admin.proving(["BACKUP_REVERIFY_INTERVAL": "0s", "BACKUP_REVERIFY_LEVEL": "content"])
            due = try await again.due("--count", "3")
            #expect(due == [ids[1], ids[2], ids[0]])
        }
    }

    @Test("of which one cannot be done is part done; a count that is none is a wrong setting")
    func partly() async throws {
        try await withSmallDatabase { database, admin in
            let admin = try await admin.proving(["BACKUP_VERIFY_LEVEL": "none", "BACKUP_REVERIFY_LEVEL": "content"])
            try await admin.backup(database)
            let key = "\(admin.folder)/../restore.key"
            let printed = try await admin.command("key", "generate", key).output()
            let recipient = try #require(printed.firstMatch(of: /age1[0-9a-z]+/)).0
            var blind = admin
            blind.environment["BACKUP_AGE_RECIPIENTS"] = String(recipient)
            try await blind.command("db", "backup", "--database", database).output()
            blind.environment["BACKUP_AGE_IDENTITY_FILE"] = "/nowhere/restore.key"
            let outcome = try await blind.command("db", "reverify", "--count", "2").outcome()
            #expect(outcome.status == 8, "\(outcome)")
            #expect(outcome.errors.contains("1 backup was verified, and 1 could not be"), "\(outcome)")
            for count in ["0", "many"] {
                #expect(try await admin.command("db", "reverify", "--count", count).outcome().status == 2)
            }
        }
    }

    @Test("of a damaged backup ends with status 3, and does not take it on again")
    func damaged() async throws {
        try await withSmallDatabase { database, admin in
            let admin = try await admin.proving(["BACKUP_VERIFY_LEVEL": "none", "BACKUP_REVERIFY_LEVEL": "content"])
            let dump = try await admin.backup(database)
            try await Command("bash", ["-c", "printf x | dd of='\(dump)' bs=1 seek=300 conv=notrunc status=none"]).output()
            let outcome = try await admin.command("db", "reverify").outcome()
            #expect(outcome.status == 3, "\(outcome)")
            let shown = try await admin.shown()
            #expect(shown.state == "verification failed")
            let due = try await admin.due()
            #expect(due == [])
            let again = try await admin.command("db", "reverify").output()
            #expect(again.contains("Damaged, and not proved again: \(shown.id) in \(admin.folder)"), "\(again)")
        }
    }
}

extension AdminProgram {
    /// The IDs that `db reverify` would take on.
    fileprivate func due(_ options: String...) async throws -> [String] {
        let text = try await command(["db", "reverify", "--dry-run"] + options).output()
        return text.split(separator: "\n").compactMap { $0.firstMatch(of: /^\d{8}T\d{6}\d*Z[-\d]*/).map { String($0.0) } }
    }
}
