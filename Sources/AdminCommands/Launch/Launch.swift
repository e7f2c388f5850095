import ArgumentParser
package import BackupModel
import Glibc

extension CallCenterAdmin {
    /// The whole life of a program: parse, run, say what went wrong, exit.
    /// - Parameter verb: words put before the arguments, for programs that are one verb of this one.
    package static func launch(_ verb: [String] = []) async -> Never {
        FatalWrites.becomeErrors()
        LargeBuffers.keep()
        let status = await run(verb + CommandLine.arguments.dropFirst(), in: .live())
        Glibc.exit(status.rawValue)
    }

    /// Runs one command line to its end.
    package static func run(_ arguments: [String], in session: Session) async -> ExitStatus {
        let command: any ParsableCommand
        do {
            command = try await parsed(arguments)
        } catch {
            return finish(parsing: error, session)
        }
        guard let command = command as? any AdminCommand else { return await runNoun(command, session) }
        let interruption = Interruption()
        do {
            try await interruption.cancelling { try await command.execute(session) }
            return .done
        } catch let conclusion as Conclusion where interruption.received == nil {
            return conclusion.status
        } catch {
            return Failure(error, of: type(of: command), signal: interruption.received).report(on: session.console)
        }
    }

    private static func parsed(_ arguments: [String]) async throws -> any ParsableCommand {
        try await asyncParseAsRoot(arguments)
    }

    /// Requests for help, the version or a completion script come as errors too; they alone are successes.
    private static func finish(parsing error: any Error, _ session: Session) -> ExitStatus {
        let text = fullMessage(for: error)
        guard exitCode(for: error) == .success else { return UsageFailure(text).report(on: session.console) }
        session.console.write(text + "\n")
        return .done
    }

    /// `help`, or a noun without its verb: what these have to say is thrown, too.
    private static func runNoun(_ noun: any ParsableCommand, _ session: Session) async -> ExitStatus {
        var noun = noun
        do {
            try noun.run()
            return .done
        } catch {
            return finish(parsing: error, session)
        }
    }
}
