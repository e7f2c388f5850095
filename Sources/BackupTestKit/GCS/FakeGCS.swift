import Glibc
import Subprocess
import SystemPackage
import Testing

/// fsouza's fake-gcs-server: a second implementation of Cloud Storage's JSON API, without credentials. Its resumable uploads cannot be asked how far they
/// are, go on after they were told to end, and look at their precondition when they begin only.
package struct FakeGCS: Sendable {
    package let port: Int
    package let bucket = "backups"

    package var url: String { "http://127.0.0.1:\(port)" }

    fileprivate static var program: String { "\(StoreFolder.path)/fake-gcs/server" }
}

/// Runs `body` with a private server that has one empty bucket, gone on every way out; skips where it is missing, and fails in continuous integration.
package func withFakeGCS<Value: Sendable>(_ body: (FakeGCS) async throws -> Value) async throws -> Value {
    if access(FakeGCS.program, X_OK) != 0 {
        let missing = StoreServerMissing(name: "fake-gcs")
        if PostgresInstallation.isContinuousIntegration { throw missing }
        try Test.cancel("\(missing)")
    }
    let folder = try TemporaryFolder(prefix: "ccb-fake-gcs").path
    let port = try FreePort.any()
    let command = Command("bash", ["-c", supervisor, "fake-gcs-supervisor", folder.string, FakeGCS.program, "\(port)"])
    var configuration = command.configuration
    // Killing the supervisor outright would leave its server behind.
    configuration.platformOptions.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(30))]
    let ended = try await Subprocess.run(configuration, input: .inputWriter, output: .sequence, error: .discarded) { execution in
        let result: Result<Value, any Error>
        do {
            try await waitUntilReady(execution.standardOutput.strings())
            result = .success(try await body(FakeGCS(port: port)))
        } catch {
            result = .failure(error)
        }
        try await execution.standardInputWriter.finish()
        return result
    }
    return try ended.closureResult.get()
}

private func waitUntilReady(_ printed: SubprocessOutputSequence.StringSequence<UTF8>) async throws {
    var log = ""
    for try await line in printed {
        if line.hasPrefix("ready") { return }
        log += line
    }
    throw FakeGCSStartFailure(log: log)
}

/// A private server that did not come up, with the end of its log.
package struct FakeGCSStartFailure: Error, CustomStringConvertible {
    let log: String
    package var description: String { "fake-gcs-server did not start: \(log)" }
}

/// A shell that owns the server from its making to its end: it waits on its standard input, which ends when the tests let go of it or die.
private let supervisor = """
    set -u
    folder=$1 program=$2 port=$3
    exec 3>&1 >"$folder/log" 2>&1
    server=
    finish() {
        trap '' TERM INT HUP
        if [[ $server ]]; then kill -9 "$server"; wait "$server"; fi
        rm -rf "$folder"
    }
    trap finish EXIT
    trap 'exit 1' TERM INT HUP
    fail() { tail -n 30 "$folder/log" >&3; exit 1; }
    mkdir -p "$folder/data/backups"
    "$program" -scheme http -host 127.0.0.1 -port "$port" -public-host "127.0.0.1:$port" -external-url "http://127.0.0.1:$port" \\
        -backend filesystem -filesystem-root "$folder/data" </dev/null 3>&- &
    server=$!
    until (exec 4<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        kill -0 "$server" || fail
        read -r -t 0.05 _ <> <(:)
    done
    echo ready >&3
    read -r _
    """
