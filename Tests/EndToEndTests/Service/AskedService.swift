import BackupTestKit
import Testing

/// The service at work, asked over HTTP.
struct AskedService {
    let program: RunningCommand
    let socket: NotifySocket
    /// Where it answers.
    let address: String

    /// What a path is answered with.
    func status(of path: String) async throws -> String {
        try await Command("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", "http://\(address)\(path)"]).output()
    }

    /// Returns once a path is answered with this: what readiness goes by is found out in the background.
    func answers(_ path: String, withStatus status: String) async throws {
        let script = #"until [ "$(curl -s -o /dev/null -w '%{http_code}' "$0")" = "$1" ]; do sleep 0.1; done"#
        try await shell(script, "http://\(address)\(path)", status)
    }

    /// The first answer a path gives, however long nobody listens yet.
    func first(_ path: String) async throws -> String {
        try await shell("until curl -sf \"$0\"; do sleep 0.05; done", "http://\(address)\(path)")
    }

    /// Returns once the answer of a path holds this.
    func answers(_ path: String, holding words: String) async throws {
        try await shell("until curl -sf \"$0\" | grep -qF -- \"$1\"; do sleep 0.1; done", "http://\(address)\(path)", words)
    }

    /// Has it do something now, as `docs/http.md` says; asks again while it takes a run for being under way that has just ended.
    func order(_ json: String) async throws {
        let headers = ["-H", "Authorization: Bearer \(WatchedService.token)", "-H", "Content-Type: application/json"]
        let patience = ["--retry", "30", "--retry-delay", "1", "--retry-all-errors"]
        try await Command("curl", ["-sf", "-X", "POST", "http://\(address)/api/runs", "-d", json] + headers + patience).output()
    }

    /// Returns once it has given so many signs of life.
    func signsOfLife(_ count: Int) async throws {
        for _ in 0..<count { try await socket.message(holding: "WATCHDOG=1") }
    }

    @discardableResult
    private func shell(_ script: String, _ arguments: String...) async throws -> String {
        try await Command("timeout", ["60", "bash", "-c", script] + arguments).output()
    }
}

extension AdminProgram {
    /// Runs the service with an address of its own and `body` beside it, which brings its end about.
    func asked(
        _ database: String, named name: String = "state", _ settings: [String: String] = [:], _ body: (AskedService) async throws -> Void
    ) async throws -> Command.Outcome {
        try requireProgram("curl", package: "curl")
        let address = "127.0.0.1:\(try FreePort.any())"
        let own = ["BACKUP_HTTP": address, "BACKUP_HTTP_TOKEN": WatchedService.token].merging(settings) { $1 }
        return try await withNotifySocket { socket in
            try await service(database, named: name, telling: socket, own).outcome { program in
                try await body(AskedService(program: program, socket: socket, address: address))
            }
        }
    }

    /// Returns once a file that somebody writes, or will, holds this.
    func awaitLine(holding words: String, in file: String) async throws {
        let script = "until grep -qsF -- \"$0\" \"$1\"; do sleep 0.1; done"
        try await Command("timeout", ["60", "bash", "-c", script, words, file]).output()
    }
}
