import BackupEngine
import BackupModel
import Logging
import ServiceLifecycle
import UnixSignals

/// SIGHUP: the settings are read again. What is wrong with them is said, and the old ones stay.
struct Reloader: Service {
    let live: LiveConfiguration
    let log: ServiceLog
    let manager: ServiceManager
    let context: RunContext
    /// Told when new ones hold.
    let onReload: @Sendable () async -> Void

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await reload() }
    }

    func reload() async {
        manager.reloading()
        defer { manager.ready() }
        do {
            let new = try await BackupConfiguration.load(context: context)
            for warning in new.warnings { log.logger.warning("\(warning)") }
            log.apply(new.service)
            live.replace(with: new)
            log.logger.notice("the configuration was read again")
            await onReload()
        } catch {
            let failure = error as? BackupError ?? BackupError(.invalidConfiguration, "\(error)")
            for line in ["\(failure)"] + failure.others {
                log.logger.error("the configuration was not read again, the old one stays: \(line)")
            }
        }
    }
}
