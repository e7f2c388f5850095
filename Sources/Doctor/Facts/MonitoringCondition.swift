package import BackupReports

/// What Prometheus knows of the backups.
package struct MonitoringCondition: Sendable {
    /// Where it was asked.
    package var place: String
    /// Whether somebody has said where it is; else one that is not there is not missed.
    package var isExpected: Bool
    package var figures: Known<PrometheusFigures>
    /// Whether the service answers a scrape that brings a token alone.
    package var needsToken = false
    /// Whether it answers over HTTPS alone.
    package var needsTLS = false

    package init(place: String, isExpected: Bool, figures: Known<PrometheusFigures>) {
        self.place = place
        self.isExpected = isExpected
        self.figures = figures
    }
}
