import BackupCatalog
import BackupEngine
import BackupModel
import Logging
import ServiceLifecycle
import Synchronization

/// Whose service this is and what settings it goes by, for whoever asks whether it lives: in memory, as that question waits for no disk.
final class ServiceIdentity: Sendable {
    private let key = Mutex<Secret?>(nil)
    private let live: LiveConfiguration

    init(_ live: LiveConfiguration) {
        self.live = live
    }

    /// Nil while the state folder has not said it.
    var fingerprint: ServiceFingerprint? { key.withLock { $0 }.map { live.current.fingerprint($0) } }

    func take(_ key: Secret) { self.key.withLock { $0 = key } }
}

/// Has the state folder say which installation this is. A folder that hangs or refuses is asked again, and nothing else waits for it.
struct IdentityService: Service {
    let identity: ServiceIdentity
    /// The one the service began with, as the history: what becomes of the setting while it runs changes neither.
    let folder: String
    let clock: any Clock<Duration>
    let logger: Logger

    private static let pause = Duration.seconds(30)

    func run() async throws {
        await cancelWhenGracefulShutdown { await recognize() }
        try await gracefulShutdown()
    }

    private func recognize() async {
        let thread = LookingThreads().of("the key of this installation")
        let question = UnhurriedQuestion { [folder] in try await thread.run { try InstallationKey(folder: folder).readOrMake() } }
        var isTold = false
        repeat {
            do {
                if let key = try await question.answer(within: .seconds(5), clock: clock) { return identity.take(key) }
            } catch is CancellationError {
                return
            } catch {
                if !isTold { logger.warning("the doctor cannot tell this service from another one: \(error)") }
                isTold = true
            }
        } while (try? await clock.sleep(for: Self.pause)) != nil
    }
}
