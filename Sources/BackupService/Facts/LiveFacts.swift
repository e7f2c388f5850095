import BackupEngine
import BackupModel
import BackupReports
import Logging
import ServiceLifecycle
import Synchronization

/// What is known, gathered as the configuration that holds now says.
final class LiveFacts: FactSource {
    private struct State {
        var gathering: FactGathering
        /// Until somebody goes on with it.
        var first: FactGathering?
    }

    private let state: Mutex<State>
    /// Whether the first one has seen everything.
    let hasLooked: Bool

    init(_ first: FactGathering, hasLooked: Bool) {
        state = Mutex(State(gathering: first, first: first))
        self.hasLooked = hasLooked
    }

    func facts() async -> ServiceFacts { await state.withLock(\.gathering).facts() }

    func replace(with new: FactGathering) { state.withLock { $0.gathering = new } }

    /// The first one, once, to go on with.
    func takeFirst() -> FactGathering? {
        state.withLock { state in
            defer { state.first = nil }
            return state.first
        }
    }
}

extension FactGathering {
    /// - Throws: `.invalidConfiguration` when a store cannot be spoken to as configured; `.stalled` when the state folder does not answer.
    static func make(
        _ configuration: BackupConfiguration, _ opening: StateOpening, _ alerts: AlertStanding, _ examiner: Examiner, context: RunContext,
        logger: Logger
    ) async throws -> FactGathering {
        let facts = configuration.schedule.facts
        return FactGathering(
            try await opening.assembly(configuration),
            .init(
                schedule: { facts(context.now()) }, channels: { alerts.channels },
                limits: HealthLimits(stall: configuration.stallTimeout), examiner: examiner),
            tell: { if case .warning(let text) = $0 { logger.warning("\(text)") } })
    }

    /// Once before anybody asks; a store that does not answer is not waited for.
    /// - Returns: whether it has seen everything.
    func lookBriefly() async throws -> Bool { try await bounded(by: .seconds(5)) { await self.look() } != nil }
}

/// Keeps the facts up to date.
struct FactService: Service {
    let gathering: FactGathering
    let live: LiveFacts
    /// Whether it has seen everything before it became this one.
    var hasLooked = false

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isWhole = hasLooked
            if !isWhole {
                // The one before it answers until this one knows something. Nothing throws but the end of a task that is to stop.
                guard let found = try? await gathering.lookBriefly() else { return }
                live.replace(with: gathering)
                isWhole = found
            }
            // A year of history has just been read.
            SpareMemory.giveBack()
            await gathering.run(hasLooked: isWhole)
        }
    }
}

/// Tells people what has become of the facts.
struct AlertService: Service {
    let dispatcher: AlertDispatcher
    let clock: any Clock<Duration>
    let logger: Logger

    /// What is written down already is told after the next start, so little is lost with a folder that hangs.
    private static let mercy = Duration.seconds(5)

    func run() async throws {
        let hasEnded = try await cancelWhenGracefulShutdown {
            try await endingInTime(Self.mercy, clock: clock) { try await dispatcher.run() }
        }
        if !hasEnded { logger.warning("the outbox of alerts does not answer, and is left behind as it is") }
    }
}
