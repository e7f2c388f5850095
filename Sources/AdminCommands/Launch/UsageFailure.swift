package import BackupModel

/// A command line that could not be understood, told as every other failure is: `ERROR: ` first, `hint: ` last.
package struct UsageFailure {
    private let lines: [String]

    /// - Parameter message: as ArgumentParser words it: `Error: …`, `Usage: …`, and where the help is.
    package init(_ message: String) {
        lines = message.split(separator: "\n").map { line in
            if line.hasPrefix("Error: ") { return "ERROR: " + line.dropFirst("Error: ".count) }
            return line.hasPrefix("  See '") ? "hint: " + line.dropFirst(2) : String(line)
        }
    }

    package func report(on console: Console) -> ExitStatus {
        for line in lines {
            console.note(line.hasPrefix("ERROR: ") ? console.errorStyle.alarm(line) : line)
        }
        return .usage
    }
}
