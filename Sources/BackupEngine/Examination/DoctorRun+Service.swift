import BackupCatalog
import BackupModel
import BackupReports
import Doctor
import Glibc

/// The service, and who stands in its place.
extension DoctorRun {
    /// At once: whether it is missed is told by the runs, which may hang themselves.
    func knock(_ configuration: BackupConfiguration) async -> ProcessCondition? {
        if isService { return nil }
        let knock = ServiceKnock(
            settings: configuration.http, isExpected: false, lastRun: nil, limit: .seconds(4), clock: context.clock)
        var found = await knock()
        guard let said = found.fingerprint else { return found }
        async let listener = listener(configuration)
        found.kinship = await kinship(said, configuration)
        let process = await listener
        if found.kinship == .another { found.listener = process }
        return found
    }

    private func listener(_ configuration: BackupConfiguration) async -> Int32? {
        guard let port = configuration.http?.address.port else { return nil }
        return await briefly.at(Self.processes, explaining: Trouble.plain) { ServiceProcessLook.listener(at: port) }.value ?? nil
    }

    /// Which process a remedy may end; what a manager starts is told by its name.
    func serviceProcess(_ configuration: BackupConfiguration, _ manager: Surroundings.Manager) async -> ServiceProcess {
        guard manager == .bare else { return .hidden }
        let look = ServiceProcessLook(stateFolder: configuration.stateFolder)
        return await briefly.at(Self.processes, explaining: Trouble.plain) { look.process }.value ?? .hidden
    }

    private static let processes = Bilingual("the processes of this machine", "процессы этой машины")

    /// Whoever may not read the key of the state folder cannot tell.
    private func kinship(_ said: ServiceFingerprint, _ configuration: BackupConfiguration) async -> ProcessCondition.Kinship {
        let subject = Bilingual("the key of this installation", "ключ этой установки")
        let found = await briefly.at(subject, explaining: Trouble.plain) { try configuration.kinship(of: said) }
        return found.value ?? .unknown
    }

    /// A service is meant to be here where it is installed, or has run for the schedule. Where no service has ever run, as far as is known, one is
    /// meant to be where somebody has set a schedule: what is known may have been put aside.
    /// - Parameter runs: nil where there is a history that cannot be read, which says nothing of who has run.
    func process(
        _ answer: ProcessCondition?, _ runs: RunsLook.Found?, _ manager: Surroundings.Manager, _ configuration: BackupConfiguration
    ) -> ProcessCondition? {
        guard var condition = answer else { return nil }
        let scheduled = runs?.runs.first { $0.host == context.host && $0.trigger != .person }
        let isPlanned = configuration.schedulesBackups && runs?.runs.allSatisfy { $0.trigger == .person } == true
        condition.isExpected = scheduled != nil || isInstalled || isPlanned
        condition.lastRun = scheduled?.startedAt
        condition.unit = isInstalled ? "call-center-backup" : nil
        // Under Compose the container is what is started.
        condition.program = scheduled != nil && !isInstalled && manager == .bare ? ServiceProgram.beside : nil
        return condition
    }

    private var isInstalled: Bool {
        ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"].contains {
            access("\($0)/call-center-backup.service", F_OK) == 0
        } && access("/run/systemd/system", F_OK) == 0
    }

    func lockStranger(_ configuration: BackupConfiguration) async -> RunningProcess? {
        let look = LockLook(lock: RunLock(folder: configuration.stateFolder))
        let found = await looking.at(Bilingual("the lock of runs", "блокировка запусков"), explaining: Trouble.plain) { look.stranger() }
        return found.value ?? nil
    }
}

extension BackupConfiguration {
    /// A folder without a key and without a history has been nobody's: then these are not the settings of an installation, and the service that answers
    /// may be the one that is meant. Whoever has given flags has no settings that a service could have read.
    func kinship(of said: ServiceFingerprint) throws -> ProcessCondition.Kinship {
        guard let key = try InstallationKey(folder: stateFolder).read() else {
            return access("\(stateFolder)/history.sqlite", F_OK) == 0 ? .another : .unknown
        }
        let kinship = ProcessCondition.Kinship(said, own: fingerprint(key))
        return kinship == .outdated && settings.contains { $0.source.isFlag } ? .unknown : kinship
    }

    /// Whether somebody has said that the service is to take backups, and when: the default says it everywhere.
    fileprivate var schedulesBackups: Bool {
        schedule.backup != nil && settings.contains { $0.setting == .schedule && $0.source != .standard }
    }
}
