import BackupModel
import BackupReports
import Doctor
import OutboundHTTP
import Postgres

/// A program of this machine that its manager starts: a server, or the service in its container.
struct ManagedProgram: Sendable {
    let program: Surroundings.Program
    /// What starts it, word by word.
    let command: [String]
    let configuration: BackupConfiguration
    let context: RunContext

    /// How long it may take until it answers: a server that was killed mends its files first.
    private static let patience = Duration.seconds(120)

    /// Returns when it answers.
    /// - Throws: `.failed` with what its manager says, or where it does not answer in its time.
    func start() async throws {
        let looking = Looking(limit: .seconds(5), clock: context.clock, threads: LookingThreads())
        try await start { await isAwaited(looking) }
    }

    /// - Parameter isAwaited: asked until it is no longer so.
    func start(while isAwaited: @escaping @Sendable () async -> Bool) async throws {
        let isUp: Bool? = try await bounded(by: Self.patience, clock: context.clock) {
            try await launch()
            while await isAwaited() { try await context.clock.sleep(for: .milliseconds(200)) }
            return true
        }
        guard isUp == true else { throw failure("it does not answer after \(Self.patience.briefly)") }
    }

    private func launch() async throws {
        guard let manager = HostProgram(command[0], in: context.environment["PATH"]) else {
            throw failure("there is no \(command[0]) here")
        }
        if let said = try await manager.complaint(doing: Array(command.dropFirst()), in: context.currentFolder) {
            throw failure(said.isEmpty ? "\(command[0]) could not" : said)
        }
    }

    private func failure(_ why: String) -> BackupError {
        let words = command.joined(separator: " ")
        return BackupError(
            .failed, "`\(words)` did not start it: \(why)", hint: "See its log: `call-center-admin doctor` names the command.")
    }
}

extension ManagedProgram {
    /// Whoever is turned away has an answer: what is wrong besides is told by the next look.
    private func isAwaited(_ looking: Looking) async -> Bool {
        switch program {
        case .postgres: await postgresTrouble(looking).map(Self.isOfBeginning) ?? false
        case .redis: await isRedisAwaited(looking)
        case .backup: await isServiceAwaited()
        }
    }

    private static func isOfBeginning(_ trouble: Trouble) -> Bool { [.notListening, .notReady, .silent].contains(trouble.kind) }

    private func postgresTrouble(_ looking: Looking) async -> Trouble? {
        let source = configuration.source.with(database: configuration.databases[0])
        let answer = await looking.at(Bilingual(quoting: "PostgreSQL"), explaining: Trouble.ofPostgres) {
            try await PostgresConnection.with(source, applicationName: "call-center-admin doctor") { _ in true }
        }
        return answer.trouble
    }

    private func isRedisAwaited(_ looking: Looking) async -> Bool {
        guard let settings = configuration.redis else { return false }
        switch await RedisLook(settings: settings, looking: looking)().servers {
        case .known(let servers): return servers.contains(where: \.isLoading)
        case .troubled(let trouble): return Self.isOfBeginning(trouble)
        }
    }

    private func isServiceAwaited() async -> Bool {
        guard let settings = configuration.http else { return false }
        return await !ServiceQuestion(settings).ask(within: .seconds(5)).isAlive
    }
}
