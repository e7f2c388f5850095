import BackupCatalog
package import BackupEngine
package import BackupModel
import BackupReports
import Logging
import ServiceLifecycle
import StatusPage
import UnixSignals

/// The service, put together: whatever it does is a service of its own, and all of them end together.
package struct Daemon: Sendable {
    private let live: LiveConfiguration
    private let context: RunContext
    private let log: ServiceLog
    private let manager: ServiceManager
    private let alerts = AlertStanding()
    private let examiner: Examiner
    private let certificate: ServedCertificate
    private let identity: ServiceIdentity
    private let opening: StateOpening
    /// Opens when the service has its address: nothing that changes anything begins before.
    private let door = Door()

    package init(_ configuration: BackupConfiguration, context: RunContext) {
        live = LiveConfiguration(configuration)
        identity = ServiceIdentity(live)
        log = ServiceLog(configuration.service, context: context)
        manager = ServiceManager(environment: context.environment)
        certificate = ServedCertificate(logger: log.logger)
        self.context = context
        opening = StateOpening(context: context)
        examiner = Examiner(context: context, isService: true)
    }

    /// Until SIGTERM or SIGINT.
    package func run() async throws {
        let (logger, configuration) = (log.logger, live.current)
        for warning in configuration.warnings { logger.warning("\(warning)") }
        if configuration.alerts.isEmpty { logger.warning("\(AlertSettings.nobodyIsTold)") }
        logger.notice("\(Tool.description) begins on \(context.host)")
        let gathering = try await FactGathering.make(configuration, opening, alerts, examiner, context: context, logger: logger)
        let hasLooked = try await gathering.lookBriefly()
        try await group(facts: LiveFacts(gathering, hasLooked: hasLooked)).run()
        logger.notice("stopped")
    }

    /// They are told to stop from the last to the first: a run under way can be watched until its end.
    private func group(facts: LiveFacts) -> ServiceGroup {
        let history = RunHistory(folder: live.current.stateFolder, context: context) { [log] in log.logger.warning("\($0)") }
        let scheduler = Scheduler(
            live, EngineWork(history: history, examiner: examiner, context: context, logger: log.logger), manager: manager,
            context: context,
            logger: log.logger)
        let reloader = Reloader(live: live, log: log, manager: manager, context: context) { [live, certificate] in
            await certificate.renew(live.current.http?.tls)
            scheduler.wake()
        }
        let services: [any Service] = [
            reloader, behindDoor(recognition), behindDoor(gathering(facts)),
            behindDoor(ExaminationService(examiner: examiner, live: live, facts: facts, context: context)), behindDoor(telling(facts)),
            CertificateService(certificate: certificate, clock: context.clock),
            server(facts, scheduler, history.logs), behindDoor(scheduler), behindDoor(Announcement(manager: manager)),
        ]
        return ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
    }

    private var recognition: IdentityService {
        IdentityService(identity: identity, folder: live.current.stateFolder, clock: context.clock, logger: log.logger)
    }

    private func behindDoor(_ service: any Service) -> any Service { BehindDoor(door: door, service: service) }

    private func gathering(_ facts: LiveFacts) -> Renewed {
        Renewed(description: "the gathering of facts", live: live, logger: quiet) {
            [live, opening, alerts, examiner, context, log] configuration in
            // What the service has looked at before it began need not be looked at again.
            if !live.hasChanged, let first = facts.takeFirst() {
                return FactService(gathering: first, live: facts, hasLooked: facts.hasLooked)
            }
            return FactService(
                gathering: try await .make(configuration, opening, alerts, examiner, context: context, logger: log.logger), live: facts)
        }
    }

    private func telling(_ facts: LiveFacts) -> Renewed {
        Renewed(description: "alerts", live: live, logger: quiet) { [opening, alerts, context, log] configuration in
            let dispatcher = try await opening.open(configuration.stateFolder) {
                try AlertDispatcher(
                    settings: configuration.alerts, stateFolder: configuration.stateFolder, source: facts, standing: alerts,
                    context: context, logger: log.logger)
            }
            return AlertService(dispatcher: dispatcher, clock: context.clock, logger: log.logger)
        }
    }

    private func server(_ facts: LiveFacts, _ scheduler: Scheduler, _ logs: RunLogs) -> Renewed {
        let sources = StatusSources(
            facts: facts, metrics: { MetricsPage($0).text },
            starter: SchedulerStarter(scheduler: scheduler, facts: facts, now: context.now), logs: logs,
            isReady: { await facts.facts().isComplete && scheduler.isAtWork }, now: context.now)
        return Renewed(
            description: "the HTTP server", live: live, logger: quiet,
            suits: { BackupHTTPSettings.listenAlike($0.http, $1.http) && $0.alerts.runbook == $1.alerts.runbook },
            make: { [log, certificate, door, identity] configuration in
                // Who is to listen nowhere has nothing to wait for.
                if configuration.http == nil { door.open() }
                var shown = sources
                shown.runbook = configuration.alerts.runbook
                shown.fingerprint = { identity.fingerprint }
                return configuration.http.map {
                    StatusServer($0, shown, certificate: certificate, logger: log.logger) { _ in door.open() }
                }
            })
    }

    /// What the lifecycle says of itself is for its authors.
    private var quiet: Logger {
        var logger = log.logger
        logger.logLevel = .warning
        return logger
    }
}

/// Begun last: everything else has been begun then, and the address is ours.
private struct Announcement: Service {
    let manager: ServiceManager

    func run() async throws {
        manager.ready()
        try await gracefulShutdown()
    }
}

extension BackupHTTPSettings {
    /// Whether a server of one can go on as one of the other: the files of a certificate are read again while it does.
    fileprivate static func listenAlike(_ one: BackupHTTPSettings?, _ other: BackupHTTPSettings?) -> Bool {
        guard var one, let other else { return one == other }
        guard (one.tls == nil) == (other.tls == nil) else { return false }
        one.tls = other.tls
        return one == other
    }
}
