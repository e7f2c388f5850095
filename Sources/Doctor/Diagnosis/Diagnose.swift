import BackupReports

/// Facts in, what is wrong out. Pure: the same facts give the same findings.
package struct Diagnose: Sendable {
    /// Every rule, in the order of the runbook.
    static let rules: [@Sendable (Examination) -> [Diagnosis]] = [
        RunRules.all, LockRules.all, MonitoringRules.all, HeartbeatRules.all, FileRules.all, LossRules.all, SpaceRules.all,
        PostgresRules.all,
        PostgresServerRules.all, RedisRules.all, ManagerRules.all,
        ConfigurationRules.all, ClockRules.all,
        StoreRules.all, VerificationRules.all,
    ]

    package init() {}

    /// Root causes, the worst first; what comes of one is listed under it.
    package func callAsFunction(_ examination: Examination) -> [Diagnosis] {
        // What is looked at then is where nobody has said that anything is.
        if let nothing = EmptySettings.finding(examination) { return [nothing] }
        return CauseTree(Self.rules.flatMap { $0(examination) }).roots.map { $0.asOfNow(examination) }
    }
}
