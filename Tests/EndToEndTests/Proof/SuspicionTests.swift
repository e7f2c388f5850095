import BackupTestKit
import Testing

@Suite("A backup of a database that lost its rows")
struct SuspicionTests {
    @Test("is kept and suspicious, with status 3, until somebody accepts it; the next is compared with it")
    func emptied() async throws {
        try await withSmallDatabase { database, admin in
            try await admin.backup(database)
            try await admin.server.psql("TRUNCATE calls", database: database)
            let doubted = try await admin.command("db", "backup", "--database", database).outcome()
            #expect(doubted.status == 3, "\(doubted)")
            #expect(doubted.errors.contains("suspicious"))
            #expect(doubted.errors.contains("public.calls"))
            var listed = try await admin.listed()
            #expect(listed.map(\.state) == ["suspicious", "checked"])
            #expect(listed.first?.suspicion?.reasons.contains { $0.contains("public.calls") } == true)
            let text = try await admin.command("db", "list").output()
            #expect(text.contains("suspicious"))

            // Nobody has accepted it: the next is held against the one before.
            let again = try await admin.command("db", "backup", "--database", database).outcome()
            #expect(again.status == 3, "\(again)")
            let accepted = try await admin.command("db", "accept", "latest", "--reason", "moved to the archive").output()
            #expect(accepted.contains("moved to the archive"))
            try await admin.backup(database)
            listed = try await admin.listed()
            #expect(listed.map(\.state) == ["checked", "checked", "suspicious", "checked"])
            #expect(listed.dropFirst().first?.suspicion?.accepted?.reason == "moved to the archive")
        }
    }
}
