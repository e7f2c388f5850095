import AdminCommands
import BackupModel
import BackupTestKit
import Synchronization
import SystemPackage
import Testing

@testable import BackupService

@Suite("The program's command line")
struct ServiceLaunchTests {
    private func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> (
        BackupModel.ExitStatus, out: String, err: String
    ) {
        try await withTemporaryFolder { folder in
            let out = Mutex("")
            let err = Mutex("")
            let context = RunContext(
                now: { Instant(secondsSinceEpoch: 1_771_034_400) }, environment: environment.merging(["BACKUP_DIR": folder.string]) { $1 },
                currentFolder: folder.string)
            let console = Console(write: { text in out.withLock { $0 += text } }, writeError: { text in err.withLock { $0 += text } })
            let status = await ServiceCommand.run(arguments, context, console)
            return (status, out.withLock { $0 }, err.withLock { $0 })
        }
    }

    @Test("Help and version are answers; what is not understood has status 2")
    func usage() async throws {
        let help = try await run(["--help"])
        #expect(help.0 == .done && help.out.contains("USAGE: backup-service") && help.err.isEmpty)
        #expect(try await run(["--version"]).out == Tool.description + "\n")
        let wrong = try await run(["--chekc"])
        #expect(wrong.0 == .usage && wrong.err.contains("ERROR: Unknown option '--chekc'"))
    }

    @Test("A check says when the next backup is due, or everything that is wrong")
    func check() async throws {
        let good = try await run(["--check"], ["BACKUP_TIMEZONE": "Europe/Berlin"])
        #expect(good.0 == .done)
        #expect(good.out == "the settings can be used; backups by “0 2 * * *”, the next at 2026-02-15 02:00 Europe/Berlin\n")
        #expect(try await run(["--check"], ["BACKUP_SCHEDULE": "none"]).out == "the settings can be used; no backup is scheduled\n")
        for arguments in [["--check"], []] {
            let bad = try await run(arguments, ["BACKUP_SCHEDULE": "x", "BACKUP_JOBS": "0"])
            #expect(bad.0 == .usage)
            #expect(bad.err.split(separator: "\n").filter { $0.hasPrefix("ERROR: BACKUP_") }.count == 2)
            #expect(bad.err.contains("\nhint: "))
        }
    }
}
