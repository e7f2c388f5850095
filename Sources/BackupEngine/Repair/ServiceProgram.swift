import BackupModel
import FoundationEssentials
import Glibc
import OutboundHTTP
import Subprocess
import SystemPackage

/// The service where nothing but a shell starts it.
struct ServiceProgram: Sendable {
    let path: String
    let configuration: BackupConfiguration

    /// How long it may take to answer.
    private static let patience = Duration.seconds(60)

    /// The one beside the program that runs; nil where there is none.
    static var beside: String? {
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        let path = FilePath(own).removingLastComponent().appending("backup-service").string
        return access(path, X_OK) == 0 ? path : nil
    }

    private var log: String { "\(configuration.stateFolder)/backup-service.log" }

    /// Returns when it answers. It goes on when we end, in a session of its own, and its log is a file beside the state.
    /// - Throws: `.failed` where it ends again, or does not answer in its time.
    func start(in context: RunContext) async throws {
        guard let settings = configuration.http else { throw failure("it serves nothing over HTTP, so nobody can tell whether it runs") }
        let process = try await launch()
        let question = ServiceQuestion(settings)
        let isUp: Bool?
        do {
            isUp = try await bounded(by: Self.patience, clock: context.clock) { try await isAnswered(process, question, context.clock) }
        } catch {
            end(process)
            throw error
        }
        guard let isUp else {
            end(process)
            throw failure("it does not answer at \(question.url)")
        }
        guard isUp else { throw failure("it has ended again") }
    }

    /// - Returns: false when it has ended, whoever answers there.
    private func isAnswered(_ process: pid_t, _ question: ServiceQuestion, _ clock: any Clock<Duration>) async throws -> Bool {
        while true {
            let isThere = await question.ask(within: .seconds(5)).isAlive
            guard Self.isAlive(process) else { return false }
            if isThere { return true }
            try await clock.sleep(for: .milliseconds(200))
        }
    }

    /// What nobody waits for any more is not to come up later, unseen.
    private func end(_ process: pid_t) {
        if Self.isAlive(process) { kill(process, SIGTERM) }
    }

    /// One that has ended stays a zombie where nobody asks for its end, as the first process of a container may not. The state is the third word of
    /// `/proc/<pid>/stat` (proc(5)); the second is the program's name in brackets, which may hold anything.
    static func isAlive(_ process: pid_t) -> Bool {
        guard let text = SystemFiles.text(of: "/proc/\(process)/stat"), let bracket = text.lastIndex(of: ")") else { return false }
        let state = text[bracket...].dropFirst(2).first
        return state != "Z" && state != "X"
    }

    /// With our settings: it inherits the environment.
    private func launch() async throws -> pid_t {
        let script = #"umask 077; setsid "$0" </dev/null >>"$1" 2>&1 & echo $!"#
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", script, path, log], output: .string(limit: 64), error: .discarded)
        guard let process = pid_t(result.standardOutput.filter { !$0.isNewline }) else { throw failure("no shell could start it") }
        return process
    }

    private func failure(_ why: String) -> BackupError {
        BackupError(.failed, "\(path) could not be started: \(why)", hint: "See its log: `tail -n 100 \(Shell.quoted(log))`.")
    }
}
