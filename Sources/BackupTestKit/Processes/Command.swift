import Subprocess
package import SystemPackage

/// A program run to its end by a test: what it was asked and what came of it.
package struct Command: Sendable {
    /// A path, or a name to look for in `PATH`.
    package var program: String
    package var arguments: [String]
    /// Added to the environment of the tests; nil removes a variable.
    package var environment: [String: String?] = [:]
    package var workingDirectory: FilePath?

    package init(_ program: String, _ arguments: [String], environment: [String: String?] = [:]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }
}

extension Command {
    /// How a command ended. `errors` is all of its standard error.
    package struct Outcome: Sendable {
        /// The exit status; 128 + signal for one that was killed, as a shell counts.
        package let status: Int32
        package let output: String
        package let errors: String
    }

    /// A command that had to succeed and did not.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }
}

extension Command {
    /// Runs to the end; any exit status is an outcome, only a program that cannot start throws. Output is held in memory. The input is a
    /// file, not a pipe: the library ends the process in which a program closes its standard input before all of it was written.
    package func outcome(input: String = "") async throws -> Outcome {
        let file = try TemporaryFolder.unnamedFile(holding: input)
        let result = try await Subprocess.run(
            configuration, input: .fileDescriptor(file, closeAfterSpawningProcess: true), output: .string(limit: .max),
            error: .string(limit: .max)
        )
        return Outcome(status: result.terminationStatus.shellStatus, output: result.standardOutput, errors: result.standardError)
    }

    /// Starts the program, runs `body` beside it and waits for its end. An error of `body` kills it.
    package func outcome(during body: (RunningCommand) async throws -> Void) async throws -> Outcome {
        let result = try await Subprocess.run(
            configuration, input: .none, output: .string(limit: .max), error: .string(limit: .max)
        ) { execution in try await body(RunningCommand(identifier: execution.processIdentifier.value)) }
        return Outcome(status: result.terminationStatus.shellStatus, output: result.standardOutput, errors: result.standardError)
    }

    /// Runs to the end and returns what it printed.
    /// - Throws: `Failure` with the end of its standard error when the exit status is not 0.
    @discardableResult
    package func output(input: String = "") async throws -> String {
        let outcome = try await outcome(input: input)
        guard outcome.status == 0 else {
            throw Failure(description: "\(self) ended with status \(outcome.status): \(outcome.errors.suffix(2000))")
        }
        return outcome.output
    }

    var configuration: Configuration {
        var keys: [Environment.Key: String?] = [:]
        for (name, value) in environment { keys[Environment.Key(stringLiteral: name)] = value }
        return Configuration(
            executable: program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
            environment: .inherit.updating(keys), workingDirectory: workingDirectory
        )
    }
}

extension Command: CustomStringConvertible {
    package var description: String { ([program] + arguments).joined(separator: " ") }
}

extension TerminationStatus {
    /// The number a shell would put into `$?`.
    package var shellStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
