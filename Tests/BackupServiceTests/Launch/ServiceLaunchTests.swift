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
                now: { Instant(secondsSinceEpoch: 1_771_034_400) },
                environment: environment.merging(["BACKUP_DIR": folder.string]) { $1 }.merging(["BACKUP_HTTP": "none"]) { own, _ in own },
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

    @Test("So does one that a service could not begin with, though its settings can be read")
    func start() async throws {
        let bad = try await run(["--check"], ["BACKUP_STATE_DIR": "/proc/nope", "BACKUP_HTTP": "192.0.2.1:8085"])
        #expect(bad.0 != .done && bad.out.isEmpty)
        for words in ["ERROR: cannot create the folder /proc/nope", "ERROR: cannot listen on 192.0.2.1:8085"] {
            #expect(bad.err.contains(words))
        }
    }

    @Test("The manual page is what scripts/generate-reference would write now")
    func manual() async throws {
        let project = FilePath(#filePath).removingLastComponent().appending("../../..")
        let written = try await Command("cat", [project.appending("docs/man/backup-service.1").string]).output()
        #expect(try await run(["--print-manual"]).out == written)
        #expect(written.contains("\\-\\-health"))
    }

    @Test("Health is what the service itself says: alive, something else, or nothing")
    func health() async throws {
        for (answer, status) in [(200, BackupModel.ExitStatus.done), (503, .failed)] {
            try await withScriptedHTTP({ request in
                request.path == "/health" ? .answer(answer, #"{"status":"alive"}"#) : .answer(404, "")
            }) { server in
                let outcome = try await run(["--health"], ["BACKUP_HTTP": "0.0.0.0:\(server.port)"])
                #expect(outcome.0 == status)
                #expect(outcome.out == (status == .done ? "the service is alive\n" : ""))
                #expect(outcome.err.contains("with 503") == (status == .failed))
            }
        }
        try await withScriptedHTTP({ _ in .answer(200, headers: ["server": "nginx"], "Welcome") }) { server in
            let stranger = try await run(["--health"], ["BACKUP_HTTP": "127.0.0.1:\(server.port)"])
            #expect(stranger.0 == .failed && stranger.err.contains("somebody else answers") && stranger.err.contains("200 (nginx)"))
        }
        let silent = try await run(["--health"], ["BACKUP_HTTP": "127.0.0.1:\(try FreePort.any())"])
        #expect(silent.0 == .failed && silent.err.contains("ERROR: the service does not answer at http://127.0.0.1:"))
        let none = try await run(["--health"], ["BACKUP_HTTP": "none"])
        #expect(none.0 == .usage && none.err.contains("BACKUP_HTTP is none"))
    }
}
