import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import SystemPackage
import Testing

@testable import AdminCommands

@Suite("doctor --fix at a terminal")
struct DoctorFixTests {
    /// A folder with two backups in which a link leads nowhere, and somebody who answers every question in one way.
    private func fix(answering answer: String, _ arguments: String...) async throws -> (
        status: BackupModel.ExitStatus, output: String, questions: [String], target: String
    ) {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string + "/backups")
            try await RecoveryPointFixture(store: store).add("20260213T020000Z", isVerified: true)
            try await RecoveryPointFixture(store: store).add("20260214T020000Z", isVerified: true)
            try await store.alias("latest.sql.gz", to: "call_center-20990101T000000Z.sql.gz")
            let written = Mutex("")
            let asked = Mutex<[String]>([])
            let console = Console(
                write: { text in written.withLock { $0 += text } }, writeError: { _ in },
                ask: { question in
                    asked.withLock { $0.append(question) }
                    return answer
                })
            let status = await CallCenterAdmin.run(
                ["doctor", "--fix"] + arguments, in: Session(context: context(folder.string), console: console))
            let target = try #require(try await store.target(ofAlias: "latest.sql.gz"))
            return (status, written.withLock { $0 }, asked.withLock { $0 }, target)
        }
    }

    /// Nothing listens where PostgreSQL should.
    private func context(_ folder: String) -> RunContext {
        RunContext(
            now: { Instant(secondsSinceEpoch: 1_771_045_200) },
            environment: [
                "BACKUP_DIR": folder + "/backups", "BACKUP_STATE_DIR": folder + "/state", "BACKUP_ENV_FILE": "/dev/null",
                "DATABASE_URL": "postgres://dba@127.0.0.1:1/orders", "BACKUP_HTTP": "none",
            ], home: "/home/dba", currentFolder: folder, processors: 2)
    }

    @Test("Each step is shown with its command before it is asked for, and done when somebody agrees")
    func agreed() async throws {
        let (status, output, questions, target) = try await fix(answering: "Y")
        #expect(target == "call_center-20260214T020000Z.sql.gz")
        #expect(questions.count == 1 && questions.first?.hasPrefix("1. Let the links in ") == true, "\(questions)")
        #expect(output.contains("The doctor can mend this:") && output.contains("✓ 1. Let the links in "), "\(output)")
        // PostgreSQL is still down, and no backup is tried in vain.
        #expect(status == .verificationFailed)
        #expect(output.ranges(of: "(postgres-down)").count == 2 && output.ranges(of: "(link-dangling)").count == 2, "\(output)")
    }

    @Test("What is not agreed to is left as it is")
    func declined() async throws {
        for answer in ["n", "", "no", "yes please"] {
            let (_, output, _, target) = try await fix(answering: answer)
            #expect(target == "call_center-20990101T000000Z.sql.gz")
            #expect(output.contains("– 1. Let the links in ") && output.contains(": not confirmed"), "\(output)")
        }
    }

    @Test("It asks in Russian, and understands it")
    func russian() async throws {
        let (_, output, questions, target) = try await fix(answering: "да", "--lang", "ru")
        #expect(target == "call_center-20260214T020000Z.sql.gz")
        #expect(questions.first?.hasSuffix("на последнюю копию? [д/Н] ") == true, "\(questions)")
        #expect(output.contains("Doctor может исправить:"), "\(output)")
    }

    @Test("--yes and --dry-run go with --fix, and not with each other")
    func usage() async throws {
        let session = Session(context: context("/no/such/folder"), console: Console(write: { _ in }, writeError: { _ in }))
        for arguments in [["--yes"], ["--dry-run"], ["--fix", "--yes", "--dry-run"]] {
            #expect(await CallCenterAdmin.run(["doctor"] + arguments, in: session) == .usage)
        }
    }
}
