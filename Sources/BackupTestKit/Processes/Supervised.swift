import Subprocess
package import SystemPackage

/// Runs `body` beside programs that a shell script owns, from their making to their end: return, error, cancellation, death of the tests.
///
/// The script gets a folder of its own as its first argument, which it works in and which is gone afterwards; it prints a line `ready` on descriptor 3
/// when its programs are, and then reads its standard input, which ends when the tests let go of it or die. What it starts it adds to `pids`.
/// - Throws: `SupervisedFailure` with the end of the script's log when it ends before it is ready; what `body` throws.
package func withSupervised<Value: Sendable>(
    _ script: String, _ arguments: [String], _ body: (FilePath) async throws -> Value
) async throws -> Value {
    let folder = try TemporaryFolder(prefix: "ccb-supervised").path
    let command = Command("bash", ["-c", Supervised.frame(script), "supervisor", folder.string] + arguments)
    var configuration = command.configuration
    // Killing the supervisor outright would leave its programs behind.
    configuration.platformOptions.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(30))]
    let ended = try await Subprocess.run(configuration, input: .inputWriter, output: .sequence, error: .discarded) { execution in
        let result: Result<Value, any Error>
        do {
            try await Supervised.wait(for: execution.standardOutput.strings())
            result = .success(try await body(folder))
        } catch {
            result = .failure(error)
        }
        try await execution.standardInputWriter.finish()
        return result
    }
    return try ended.closureResult.get()
}

/// Programs of a test that did not come up.
package struct SupervisedFailure: Error, CustomStringConvertible {
    let log: String
    package var description: String { "the programs of the test did not start: \(log)" }
}

enum Supervised {
    static func wait(for printed: SubprocessOutputSequence.StringSequence<UTF8>) async throws {
        var log = ""
        for try await line in printed {
            if line.split(whereSeparator: \.isNewline) == ["ready"] { return }
            log += line
        }
        throw SupervisedFailure(log: log)
    }

    static func frame(_ script: String) -> String {
        """
        set -u
        folder=$1; shift
        cd "$folder" || exit
        exec 3>&1 >log 2>&1
        pids=()
        finish() {
            trap '' TERM INT HUP
            for pid in "${pids[@]}"; do kill -9 "$pid"; wait "$pid"; done
            rm -rf "$folder"
        }
        trap finish EXIT
        trap 'exit 1' TERM INT HUP
        fail() { tail -n 30 log >&3; exit 1; }
        \(script)
        read -r _
        """
    }
}
