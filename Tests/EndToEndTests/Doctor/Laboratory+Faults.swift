import BackupEngine
import BackupModel
import BackupTestKit
import Foundation
import SystemPackage
import Testing

extension Laboratory {
    /// Does something to the server for as long as `body` takes.
    func between(_ fault: String, _ cure: String, _ body: () async throws -> Void) async throws {
        try await postgres.psql(fault)
        try await body()
        try await postgres.psql(cure)
    }

    /// Forgets everything, and takes the first backup on a day that has passed.
    func beginAnew(hoursAgo hours: Int) async throws {
        try await Command("bash", ["-c", #"rm -rf "$0"/* "$0"/../state"#, admin.folder.string]).output()
        var context = admin.context(hoursAgo: hours)
        // In this process libpq reads this process's own variables.
        context.environment["DATABASE_URL"] =
            "postgresql://backup:\(Self.password)@\(postgres.host):\(postgres.port)/\(Self.database)"
        let assembly = try Assembly(try await BackupConfiguration.load(context: context), context: context)
        #expect(try await assembly.backUp { _ in }.failure == nil)
    }

    /// `TERM` asks it to end when all sessions have, `QUIT` ends it now.
    func postmaster(_ signal: String) async throws {
        try await Command("bash", ["-c", #"kill -s "$0" "$(head -n 1 "$1/postmaster.pid")""#, signal, postgres.dataFolder.string]).output()
    }

    func redisSignal(_ signal: String) async throws { try await self.signal(signal, "\(redis.folder)/pid") }

    /// Has apt know a package, which does so much when it is installed.
    func offer(_ name: String, doing script: String) async throws {
        try await Command("tee", [tools.folder.appending("apt.\(name)").string]).output(input: script + "\n")
    }

    /// To the process that a file names.
    func signal(_ signal: String, _ file: String) async throws {
        try await Command("bash", ["-c", #"kill -s "$0" "$(cat "$1")""#, signal, file]).output()
    }

    /// Stops PostgreSQL, has a shell do something, and starts it again.
    func restartPostgres(_ meanwhile: String) async throws {
        let script = """
            as=()
            cd "$0" || exit
            if [[ $(id -u) == 0 ]]; then as=(setpriv "--reuid=$(stat -c %u "$0/data")" "--regid=$(stat -c %g "$0/data")" --clear-groups); fi
            "${as[@]}" "$1" -D "$0/data" -m fast -w stop && \(meanwhile) && "${as[@]}" "$1" -D "$0/data" -l "$0/log" -w start
            """
        let program = postgres.installation.programs.appending("pg_ctl").string
        try await Command("bash", ["-c", script, postgres.folder.string, program]).output()
    }

    @discardableResult
    func redisCLI(_ words: String...) async throws -> String { try await redisCLI(words) }

    @discardableResult
    func redisCLI(_ words: [String]) async throws -> String {
        let command = Command("redis-cli", ["-s", redis.socket.string, "-e"] + words, environment: ["REDISCLI_AUTH": Self.password])
        return try await command.outcome().output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension AdminProgram {
    /// As the program would begin, in this process.
    func context(hoursAgo hours: Int = 0) -> RunContext {
        var context = RunContext.live()
        for (name, value) in command([]).environment { context.environment[name] = value }
        context.now = { [now = context.now] in now() + .seconds(-3600 * Int64(hours)) }
        return context
    }
}
