package import ArgumentParser
import BackupEngine
package import BackupModel

/// A verb of the command line. What it works with comes in through the session, so that tests run it without a process.
package protocol AdminCommand: AsyncParsableCommand, Sendable {
    /// What a failure's line on standard error begins with; logs and alerts are searched for it.
    static var failureWords: String { get }
    /// The same where `PartlyDone` was thrown.
    static var partWords: String { get }
    /// The same where a file did not pass its check.
    static var verdictWords: String { get }

    func execute(_ session: Session) async throws
}

extension AdminCommand {
    package static var failureWords: String { "ERROR" }
    package static var partWords: String { failureWords }
    package static var verdictWords: String { "CRITICAL: Backup verification failed" }

    package func run() async throws {
        try await execute(.live())
    }
}

/// The world a command runs in: the run's context, and where output goes.
package struct Session: Sendable {
    package var context: RunContext
    package var console: Console

    package static func live() -> Session {
        var context = RunContext.live()
        let console = Console(environment: context.environment)
        context.notice = { console.note($0) }
        return Session(context: context, console: console)
    }

    /// Reads the settings and says what is odd about them.
    func configuration(flags: [String: FlagValue] = [:]) async throws -> BackupConfiguration {
        let configuration = try await BackupConfiguration.load(context: context, flags: flags)
        for warning in configuration.warnings { warn(warning) }
        return configuration
    }

    func warn(_ text: String) { console.note(console.errorStyle.doubtful("warning: \(text)")) }
}
