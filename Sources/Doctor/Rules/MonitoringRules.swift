import BackupModel
import BackupReports

/// Section 1: whether Prometheus sees what there is to be seen; alerts come of it.
enum MonitoringRules {
    /// Longer than anybody waits between two scrapes.
    private static let patience = Duration.seconds(600)

    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let monitoring = facts.monitoring else { return [] }
        switch monitoring.figures {
        case .troubled(let trouble): return monitoring.isExpected ? [down(monitoring, trouble)] : []
        case .known(let figures):
            guard !figures.statuses.isEmpty else { return monitoring.isExpected ? [missing(monitoring, facts.surroundings)] : [] }
            return [stale(figures, facts).map { stale($0, monitoring, facts.surroundings) }].compactMap { $0 }
        }
    }

    private static func down(_ monitoring: MonitoringCondition, _ trouble: Trouble) -> Diagnosis {
        Diagnosis(
            .prometheusDown, .warning, Bilingual("Prometheus cannot be asked", "Prometheus не отвечает на запросы"),
            evidence: trouble.words,
            remedy: .init(
                "See whether it runs, or mend BACKUP_PROMETHEUS_URL.", "Проверьте, работает ли он, или исправьте BACKUP_PROMETHEUS_URL.",
                query("up", monitoring), "call-center-admin config show"))
    }

    private static func missing(_ monitoring: MonitoringCondition, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .metricsMissing, .warning,
            Bilingual("Prometheus knows nothing of the backups", "Prometheus ничего не знает о резервных копиях"),
            evidence: Bilingual("\(monitoring.place) has no backup_status", "в \(monitoring.place) нет backup_status"),
            remedy: scrape(monitoring, around))
    }

    /// The first target whose last success Prometheus has not heard of.
    private static func stale(_ figures: PrometheusFigures, _ facts: Examination) -> BackupTarget? {
        guard let service = facts.service else { return nil }
        return service.targets.first { target in
            guard let success = service.history[target]?.lastSuccess, facts.now - success > patience else { return false }
            return figures.lastSuccess[target].map { success - $0 > patience } ?? true
        }
    }

    private static func stale(_ target: BackupTarget, _ monitoring: MonitoringCondition, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .metricsStale, .warning,
            Bilingual(
                "Prometheus has not heard of the last backup of \(target.name)", "Prometheus не знает о последней копии \(target.name)"),
            evidence: Bilingual(
                "last_successful_backup_timestamp in \(monitoring.place) is older",
                "last_successful_backup_timestamp в \(monitoring.place) старше"),
            remedy: scrape(monitoring, around))
    }

    private static func scrape(_ monitoring: MonitoringCondition, _ around: Surroundings) -> Diagnosis.Remedy {
        let bring = bring(monitoring)
        return .init(
            "See whether it reaches the service (BACKUP_HTTP), and whether the service runs." + (bring?.english ?? ""),
            "Проверьте, доступен ли ему сервис (BACKUP_HTTP) и работает ли сервис." + (bring?.russian ?? ""), query("up", monitoring),
            around.logs(.backup))
    }

    /// What a scrape has to bring, or is turned away: Prometheus says of it no more than that the service is down.
    private static func bring(_ monitoring: MonitoringCondition) -> Bilingual? {
        let needs = [
            monitoring.needsToken ? "authorization: {credentials_file: …} (BACKUP_HTTP_READ_TOKEN)" : nil,
            monitoring.needsTLS ? "scheme: https (BACKUP_HTTP_TLS_CERT)" : nil,
        ].compactMap { $0 }
        guard !needs.isEmpty else { return nil }
        return Bilingual(
            " The job that scrapes it needs \(needs.joined(separator: " and ")), or it is turned away.",
            " В задании, которое его опрашивает, должно быть: \(needs.joined(separator: "; ")), иначе сервис ему откажет.")
    }

    private static func query(_ words: String, _ monitoring: MonitoringCondition) -> String {
        "curl -s \(Shell.quoted("\(monitoring.place)/api/v1/query?query=\(words)"))"
    }
}
