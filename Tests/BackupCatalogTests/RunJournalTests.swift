import BackupCatalog
import BackupModel
import BackupTestKit
import Foundation
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
            #expect(try again.unfinished()[first] == [.init("a-20260214T020000Z.sql.gz"), .init("globals-20260214T020000Z.sql")])
            try again.keep(first, only: [])
            try again.keep(first, only: [])
            #expect(Array(try again.unfinished().keys) == [second])
            let modes = try await Command("stat", ["-c", "%a", "\(folder)/state/runs", "\(folder)/state/runs/\(second)"]).output()
            #expect(modes == "700\n600\n")
        }
    }

    @Test("forgets what was cleaned only when nothing of that run can arrive any more")
    func cleaned() async throws {
        try await withTemporaryFolder { folder in
            let journal = RunJournal(folder: folder.string)
            let id = try #require(RecoveryPointID("20260214T020000Z"))
            let first = Instant(secondsSinceEpoch: 1_771_034_500)
            try journal.note("globals-20260214T020000Z.sql", of: id)
            try journal.cleaned(id, at: first)
            try journal.cleaned(id, at: first + .seconds(3599))
            #expect(try journal.unfinished()[id] == [.init("globals-20260214T020000Z.sql")])
            try journal.cleaned(id, at: first + RunJournal.requestLife)
            #expect(try journal.unfinished().isEmpty)
            #expect(try await Command("ls", [folder.string + "/runs"]).output() == "")
        }
    }

    @Test("forgets a store where the backup is whole, and is closed when it is whole in all")
    func kept() async throws {
        try await withTemporaryFolder { folder in
            let journal = RunJournal(folder: folder.string)
            let id = try #require(RecoveryPointID("20260214T020000Z"))
            try journal.keep(id, only: ["s3://backups"])
            #expect(try journal.unfinished().isEmpty)
            try journal.note("a-20260214T020000Z.sql.gz", of: id)
            try journal.note("globals-20260214T020000Z.sql", of: id, in: "/backups")
            try journal.keep(id, only: ["/backups", "s3://backups"])
            let dump = ["/backups", "s3://backups"].map { RunJournal.Note("a-20260214T020000Z.sql.gz", in: $0) }
            #expect(try journal.unfinished()[id] == Set(dump + [.init("globals-20260214T020000Z.sql", in: "/backups")]))
            try journal.keep(id, only: ["s3://backups"])
            #expect(try journal.unfinished()[id] == [dump[1]])
            try journal.keep(id, only: ["/backups"])
            #expect(try await Command("ls", [folder.string + "/runs"]).output() == "")
        }
    }

    @Test("counts anew from a cleaning whose mark a crash left half written, and from what was noted after it")
    func cleanedAnew() async throws {
        try await withTemporaryFolder { folder in
            let journal = RunJournal(folder: folder.string)
            let id = try #require(RecoveryPointID("20260214T020000Z"))
            let (first, later) = (Instant(secondsSinceEpoch: 1_771_034_500), Instant(secondsSinceEpoch: 1_771_134_500))
            try journal.note("a-20260214T020000Z.sql.gz", of: id)
            try journal.cleaned(id, at: first)
            try journal.note("globals-20260214T020000Z.sql", of: id)
            try journal.cleaned(id, at: later)
            #expect(try journal.unfinished()[id]?.count == 2)
            try "2026-02".write(toFile: "\(folder)/runs/\(id).cleaned", atomically: false, encoding: .utf8)
            try journal.cleaned(id, at: later + RunJournal.requestLife)
            #expect(try journal.unfinished()[id]?.count == 2)
            try journal.cleaned(id, at: later + RunJournal.requestLife + RunJournal.requestLife)
            #expect(try journal.unfinished().isEmpty)
        }
    }
}
