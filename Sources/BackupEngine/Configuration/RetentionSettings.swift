package import BackupCatalog
import BackupModel

/// Which backups each store keeps.
package struct RetentionSettings: Sendable {
    private let general: RetentionPolicy
    private let ofS3: RetentionPolicy
    private let ofGCS: RetentionPolicy

    init(_ read: SettingReader) throws {
        var general = try RetentionPolicy(read, .retention, standing: RetentionPolicy())
        general.within = try read.given(.retentionWithin).map { _ in try read.duration(.retentionWithin) }
        general.hourly = try read.integer(.retentionHourly) ?? 0
        general.proof = RetentionPolicy.Proof(rawValue: try read.choice(.retentionProof)) ?? .restore
        general.clockBound = try read.duration(.retentionClockBound)
        general.zone = try read.zone(.timeZone)
        if general.isEmpty, try read.given(RetentionRuleSettings.retention.days) == nil { general.days = RetentionPolicy.standard.days }
        self.general = general
        ofS3 = try RetentionPolicy(read, .retentionS3, standing: general)
        ofGCS = try RetentionPolicy(read, .retentionGCS, standing: general)
    }

    /// - Parameter store: its name, as messages print it.
    package func policy(ofStore store: String) -> RetentionPolicy {
        store.hasPrefix("s3://") ? ofS3 : store.hasPrefix("gs://") ? ofGCS : general
    }
}

extension RetentionPolicy {
    /// - Parameter standing: what holds where nothing is set; one rule that is set replaces all of them.
    fileprivate init(_ read: SettingReader, _ settings: RetentionRuleSettings, standing: RetentionPolicy) throws {
        self = standing
        if try settings.rules.contains(where: { try read.given($0) != nil }) {
            (within, hourly) = (nil, 0)
            let days = try read.integer(settings.days) ?? 0
            self.days = days == 0 ? nil : days
            last = try read.integer(settings.last) ?? 0
            daily = try read.integer(settings.daily) ?? 0
            weekly = try read.integer(settings.weekly) ?? 0
            monthly = try read.integer(settings.monthly) ?? 0
            yearly = try read.integer(settings.yearly) ?? 0
        }
        minimum = try read.integer(settings.minimum) ?? standing.minimum
    }
}

/// The rules that may be set for a kind of store, too.
struct RetentionRuleSettings: Sendable {
    let days: Setting
    let last: Setting
    let daily: Setting
    let weekly: Setting
    let monthly: Setting
    let yearly: Setting
    let minimum: Setting

    var rules: [Setting] { [days, last, daily, weekly, monthly, yearly] }

    /// - Parameter store: nil for all stores.
    init(for store: String?) {
        let place = store.map { " in \($0)" } ?? ""
        func rule(_ name: String, _ standard: String?, _ summary: String, least: Int = 0) -> Setting {
            let infix = store.map { "\($0)_" } ?? ""
            return Setting(
                "BACKUP_RETENTION_\(infix)\(name)", "retention.\(infix.lowercased())\(name.lowercased())", .integer(least...100_000),
                standard: store == nil ? standard : nil,
                store.map { "\(summary)\(place); one rule of these replaces all general ones for \($0)." } ?? "\(summary).")
        }
        days = rule("DAYS", "30 unless another rule is set", "Keep the backups younger than so many days")
        last = rule("LAST", nil, "Keep so many of the last backups")
        daily = rule("DAILY", nil, "Keep the last backup of each of the last so many days that have one")
        weekly = rule("WEEKLY", nil, "The same for weeks, from Monday")
        monthly = rule("MONTHLY", nil, "The same for months")
        yearly = rule("YEARLY", nil, "The same for years")
        let minimum = rule("MIN_VERIFIED", "3", "Never keep fewer verified backups of anything than so many", least: 1)
        self.minimum = store == nil ? minimum : Setting(minimum.name, minimum.yamlKey, minimum.form, "The same\(place).")
    }
}

extension RetentionRuleSettings {
    fileprivate static let retention = RetentionRuleSettings(for: nil)
    fileprivate static let retentionS3 = RetentionRuleSettings(for: "S3")
    fileprivate static let retentionGCS = RetentionRuleSettings(for: "GCS")
}

extension Setting {
    static let retentionHourly = Setting(
        "BACKUP_RETENTION_HOURLY", "retention.hourly", .integer(0...100_000),
        "Keep the last backup of each of the last so many hours that have one."
    )
    static let retentionWithin = Setting(
        "BACKUP_RETENTION_WITHIN", "retention.within", .duration, "Keep the verified backups no older than this before the newest of them.")
    static let retentionProof = Setting(
        "BACKUP_RETENTION_PROOF", "retention.proof", .choice(RetentionPolicy.Proof.allCases.map(\.rawValue)), standard: "restore",
        "What makes a backup count as verified: restored for a proof, or its content checked, for hosts that cannot restore.")
    static let retentionClockBound = Setting(
        "BACKUP_RETENTION_CLOCK_BOUND", "retention.clock_bound", .duration, standard: "14d",
        "With more time than this between the last verified backups, or since them, nothing is removed: the clock may have jumped.")

    static let retention: [Setting] = {
        let general = RetentionRuleSettings.retention
        return [general.days, general.last, retentionHourly] + general.rules.dropFirst(2) + [retentionWithin, general.minimum]
            + [retentionProof, retentionClockBound]
            + [RetentionRuleSettings.retentionS3, .retentionGCS].flatMap { $0.rules + [$0.minimum] }
    }()
}
