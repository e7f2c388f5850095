import BackupEngine
import Logging
import ServiceLifecycle

@testable import BackupService

/// Runs a scheduler as the service does, until `enough` ends; then stops it and waits for its end.
func runScheduler(
    _ configuration: BackupConfiguration, _ work: some ScheduledWork, _ clock: HeldClock, logger: Logger, until enough: AsyncStream<Void>
) async throws {
    let scheduler = Scheduler(
        LiveConfiguration(configuration), work, manager: ServiceManager(environment: [:]), context: clock.context(), logger: logger)
    let group = ServiceGroup(
        configuration: .init(
            services: [.init(service: scheduler, successTerminationBehavior: .gracefullyShutdownGroup)],
            logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }))
    async let running: Void = group.run()
    for await _ in enough {}
    await group.triggerGracefulShutdown()
    try await running
}
