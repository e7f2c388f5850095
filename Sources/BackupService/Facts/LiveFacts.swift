import BackupEngine
import BackupModel
import BackupReports
import Logging
import ServiceLifecycle
import Synchronization

/// What is known, gathered as the configuration that holds now says.
final class LiveFacts: FactSource {
    private let gathering: Mutex<FactGathering>

    init(_ first: FactGathering) { gathering = Mutex(first) }

    func facts() async -> ServiceFacts { await gathering.withLock { $0 }.facts() }

    func replace(with new: FactGathering) { gathering.withLock { $0 = new } }
}

extension FactGathering {
    /// - Throws: `.invalidConfiguration` when a store cannot be spoken to as configured.
    static func make(
        _ configuration: BackupConfiguration, _ alerts: AlertStanding, _ examiner: Examiner, context: RunContext, logger: Logger
    ) throws -> FactGathering {
        let facts = configuration.schedule.facts
        return FactGathering(
            try Assembly(configuration, context: context),
            .init(
                schedule: { facts(context.now()) }, channels: { alerts.channels },
                limits: HealthLimits(stall: configuration.stallTimeout), examiner: examiner),
            tell: { if case .warning(let text) = $0 { logger.warning("\(text)") } })
    }

    /// Once before anybody asks; a store that does not answer is not waited for.
    func lookBriefly() async throws { _ = try await bounded(by: .seconds(5)) { await self.look() } }
}

/// Keeps the facts up to date.
struct FactService: Service {
    let gathering: FactGathering
    let live: LiveFacts

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // The one before it answers until this one knows something. Nothing throws but the end of a task that is to stop.
            guard (try? await gathering.lookBriefly()) != nil else { return }
            live.replace(with: gathering)
            await gathering.run()
        }
    }
}

/// Tells people what has become of the facts.
struct AlertService: Service {
    let dispatcher: AlertDispatcher

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await dispatcher.run() }
    }
}
