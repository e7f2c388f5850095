import BackupCatalog
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@Suite("The journal of a run")
struct RunJournalTests {
    @Test("knows what a run that never ended had begun, and forgets it when it is closed")
    func unfinished() async throws {
        try await withTemporaryFolder { folder in
            let journal = RunJournal(folder: folder.string + "/state")
            #expect(try journal.unfinished().isEmpty)
            let (first, second) = (try #require(RecoveryPointID("20260214T020000Z")), try #require(RecoveryPointID("20260215T020000Z")))
            try journal.note("a-20260214T020000Z.sql.gz", of: first)
            try journal.note("globals-20260214T020000Z.sql", of: first)
            try journal.note("a-20260215T020000Z.sql.gz", of: second)
            let again = RunJournal(folder: folder.string + "/state")
            #expect(try again.unfinished()[first] == ["a-20260214T020000Z.sql.gz", "globals-20260214T020000Z.sql"])
            try again.close(first)
            try again.close(first)
            #expect(Array(try again.unfinished().keys) == [second])
            let modes = try await Command("stat", ["-c", "%a", "\(folder)/state/runs", "\(folder)/state/runs/\(second)"]).output()
            #expect(modes == "700\n600\n")
        }
    }
}
