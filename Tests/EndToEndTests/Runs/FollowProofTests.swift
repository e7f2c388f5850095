import BackupCatalog
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@Suite("backup-verify, while another proof is at work", .timeLimit(.minutes(3)))
struct FollowProofTests {
    @Test("shows how that one goes, and then makes its own")
    func proof() async throws {
        try await withSmallDatabase { database, admin in
            try await admin.backup(database)
            let proving = try await admin.proving()
            let state = "\(admin.folder)/../state"
            let first = try await proving.command("db", "verify-backup", "latest", "--level", "restore").outcome { _ in
                // It holds the lock and has said who it is: stopped there it proves nothing until it may go on.
                try await admin.awaitLine(holding: #""run""#, in: "\(state)/verify.lock")
                let holder = "$(grep -o '\"pid\":[0-9]*' '\(state)/verify.lock' | cut -d: -f2)"
                let words = "\(state)/../second.log"
                try await Command("bash", ["-c", "kill -STOP \(holder)"]).output()
                async let second = proving.shell("backup-verify latest --level restore 2>'\(words)'")
                try await admin.awaitLine(holding: "waiting: another run holds the lock ", in: words)
                try await Command("bash", ["-c", "kill -CONT \(holder)"]).output()
                let outcome = try await second
                #expect(outcome.status == 0, "\(outcome)")
                let said = try await Command("cat", [words]).output()
                // That of the first and its own.
                #expect(said.ranges(of: "complete: compare").count == 2, "\(said)")
            }
            #expect(first.status == 0, "\(first)")
            let runs = try await admin.history.runs()
            #expect(runs.map(\.kind) == [.verification, .verification, .backup], "\(runs)")
            #expect(runs.allSatisfy { $0.failure == nil && !$0.isUnderWay }, "\(runs)")
            #expect(try await admin.shown().state == "verified")
        }
    }
}
