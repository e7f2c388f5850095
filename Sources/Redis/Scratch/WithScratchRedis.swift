import BackupModel
import RDBFormat
import ScratchServers

/// What keeps a file from being loaded though this host has all it takes.
package struct FileRefusedByServer: Error, Sendable, Equatable {
    package let version: RedisVersion
    /// The server's own words.
    package let reason: String
}

/// Runs `body` with a Redis of its own that has loaded the file, gone on every way out. It is on no network, and takes the one who has its password over
/// a Unix socket in its private folder. It neither expires nor evicts anything.
/// - Throws: `ScratchUnavailable` where it cannot be had on this host; `FileRefusedByServer`; `BackupError` with `.verificationFailed` when the file is
///   damaged, and what keeps this host from running it; what `body` throws.
package func withScratchRedis<Value: Sendable>(
    _ request: ScratchRedisRequest, _ body: (ScratchRedis) async throws -> Value
) async throws -> Value {
    let opening = try await FileOpening.read(request.file)
    let program = try await RedisServerProgram.find(
        loading: opening.header, from: request.origin ?? opening.writer, preferred: request.programs, path: request.place.path)
    return try await withScratchRedis(request, opening, by: program, body)
}

func withScratchRedis<Value: Sendable>(
    _ request: ScratchRedisRequest, _ opening: FileOpening, by program: RedisServerProgram, _ body: (ScratchRedis) async throws -> Value
) async throws -> Value {
    let limit = try ScratchRedisBounds(opening: opening, place: request.place).memory()
    let space = try await ScratchRedisBounds.space(for: request.file)
    return try await withScratchServer(in: request.place, needing: space) { folder in
        try folder.requireRoom(forSocket: ScratchRedisSettings.socket(in: folder.home))
        let pipe = ConfigurationPipe(in: folder)
        try pipe.make(for: folder.account)
        return ScratchProgram(
            server: pipe.command(try program.callable(in: folder)), endSignal: "KILL", gentleSignal: "TERM", dataLimit: limit)
    } _: { server in
        try await body(try await ScratchRedisStart(request: request, program: program, server: server).run())
    }
}

/// From an empty folder to a server that has loaded the file.
struct ScratchRedisStart: Sendable {
    let request: ScratchRedisRequest
    let program: RedisServerProgram
    let server: ScratchServer

    func run() async throws -> ScratchRedis {
        let clock = ContinuousClock()
        let begin = clock.now
        request.progress(.began(phase: "expand", totalBytes: nil, totalItems: nil))
        let summary = try await ScratchDump(folder: server.folder).expand(request.file, request.progress)
        request.progress(.ended(phase: "expand"))
        // Never taken for damage: a later version may understand it.
        if let unknown = summary.notUnderstood {
            throw ScratchUnavailable(
                .component, "the copy is not understood from offset \(unknown.offset) on, so what a server makes of it cannot be compared",
                hint: "A newer version of this program may understand it.")
        }
        let expanded = clock.now
        let endpoint = try await load(summary)
        return ScratchRedis(
            endpoint: endpoint, version: program.version, server: server, summary: summary,
            durations: (begin.duration(to: expanded), expanded.duration(to: clock.now)))
    }

    private func load(_ summary: RDBSummary) async throws -> RedisEndpoint {
        request.progress(.began(phase: "load", totalBytes: nil, totalItems: nil))
        let password = Secret(OneTimeLogin.word(48))
        let home = server.folder.home
        let settings = ScratchRedisSettings(
            version: program.version, home: home, password: password, highestDatabase: summary.content.databases.last?.number ?? 0)
        let endpoint = RedisEndpoint(
            .socket(path: ScratchRedisSettings.socket(in: home)), login: .init(user: nil, password: password))
        try await ConfigurationPipe(in: server.folder).send(settings.text, to: server)
        do {
            try await server.awaitAnswer(limit: ScratchRedis.longest) { try await isLoaded(endpoint) }
        } catch let error as BackupError where !server.isAlive {
            throw explained(error)
        }
        request.progress(.ended(phase: "load"))
        return endpoint
    }

    /// By its log a server that has ended says more than an error about it can.
    private func explained(_ error: BackupError) -> any Error {
        let failure = LoadFailure(of: server)
        if let unavailable = failure.unavailable { return unavailable }
        return failure.refusal.map { FileRefusedByServer(version: program.version, reason: $0) } ?? error
    }

    private func isLoaded(_ endpoint: RedisEndpoint) async throws -> Bool {
        do {
            return try await RedisConnection.with(endpoint, limits: ScratchRedis.limits) { try await $0.ask(RedisCommand("PING")) != nil }
        } catch let error as BackupError where error.code == .sourceUnreachable || error.code == .stalled {
            return false
        }
    }
}
