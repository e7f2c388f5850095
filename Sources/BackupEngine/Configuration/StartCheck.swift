import BackupCatalog
package import BackupModel
import BackupReports
import Doctor
import ObjectStores
import OutboundHTTP

/// Tries what a service needs to begin, and one that runs does not prove: it goes on with the certificate it has read and the address it has.
package struct StartCheck: Sendable {
    private let configuration: BackupConfiguration
    private let threads = LookingThreads()
    /// How long one trial may take: what takes longer hangs, perhaps for good.
    var patience = Duration.seconds(20)

    package init(_ configuration: BackupConfiguration) { self.configuration = configuration }

    /// Each trial is made, whatever the one before came to, on a thread of its own: a disk or a name server may hang.
    package func failures() async -> [BackupError] {
        let certificate = configuration.http?.tls?.certificates ?? "none"
        let trials: [(what: String, trial: @Sendable () async throws -> Void)] = [
            ("the certificate \(certificate) (BACKUP_HTTP_TLS_CERT)", { try self.certificate() }),
            ("the folder \(configuration.stateFolder) (BACKUP_STATE_DIR)", { try await stateFolder() }),
            ("the outbox of alerts in \(configuration.stateFolder) (BACKUP_STATE_DIR)", { try await outbox() }),
            ("the address (BACKUP_HTTP)", { try await address() }),
        ]
        var failures: [BackupError] = []
        for (what, trial) in trials {
            do { try await inTime(what, trial) } catch { failures.append(error as? BackupError ?? BackupError(.failed, "\(error)")) }
        }
        return failures
    }

    private func inTime(_ what: String, _ trial: @escaping @Sendable () async throws -> Void) async throws {
        let thread = threads.of(what)
        let done: Void? = try await bounded(by: patience) { try await thread.run(trial) }
        guard done == nil else { return }
        throw BackupError(
            .stalled, "\(what) could not be tried within \(patience.briefly)",
            hint: "Its disk, or the server that it is on or that knows its name, hangs: see `call-center-admin doctor`.")
    }

    private func certificate() throws {
        guard let files = configuration.http?.tls else { return }
        _ = try LoadedCertificate(files)
    }

    private func stateFolder() async throws {
        do { _ = try await LocalStore(root: configuration.stateFolder).probe() } catch var error as BackupError {
            error.message += " (BACKUP_STATE_DIR)"
            throw error
        }
    }

    /// A history that is damaged is begun anew; alerts that are open are not forgotten.
    private func outbox() async throws {
        _ = try await AlertOutbox.channels(of: configuration.alerts, in: configuration.stateFolder)
    }

    private func address() async throws {
        guard let settings = configuration.http, try !ListenTrial(address: settings.address).isFree() else { return }
        if await isOurs(settings) { return }
        throw BackupError(
            .invalidConfiguration, "cannot listen on \(settings.address): somebody else has the address (BACKUP_HTTP)",
            hint: "`ss -ltnp` shows who listens. Have it give the address up, or set BACKUP_HTTP to another one, or to none.")
    }

    /// Whether the service of this installation has it, which gives it up when it ends. One that hangs is told by its process.
    private func isOurs(_ settings: BackupHTTPSettings) async -> Bool {
        let look = ServiceProcessLook(stateFolder: configuration.stateFolder)
        if case .known(let process) = look.process, ServiceProcessLook.listener(at: settings.address.port) == process { return true }
        guard case .alive(let said?) = await ServiceQuestion(settings).ask(within: .seconds(5)) else { return false }
        // Who may not read the key may not write to the state folder either, which is told.
        guard let key = try? InstallationKey(folder: configuration.stateFolder).read() else { return false }
        return configuration.fingerprint(key).installation == said.installation
    }
}
