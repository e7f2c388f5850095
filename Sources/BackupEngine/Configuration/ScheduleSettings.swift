package import BackupModel

/// What is done without being asked for, and when.
package struct ScheduleSettings: Sendable {
    /// The clocks schedules and retention's days go by.
    package var zone: CivilZone
    /// Nil: none is scheduled.
    package var backup: CronSlots?
    package var reverification: CronSlots?
    package var pruning: CronSlots?
    package var prunesAfterBackup: Bool
    /// Only where there are several stores.
    package var sync: CronSlots?
    package var jitter: Duration
    package var retry: RetryRules
    package var catchesUp: Bool
    /// How long after a slot its backup is not yet late.
    package var grace: Duration

    init(_ read: SettingReader) throws {
        zone = try read.zone(.timeZone)
        backup = try read.slots(.schedule, in: zone)
        reverification = try read.slots(.reverifySchedule, in: zone)
        prunesAfterBackup = try read.text(.pruneSchedule) == Self.afterBackup
        pruning = prunesAfterBackup ? nil : try read.slots(.pruneSchedule, in: zone)
        sync = try read.slots(.syncSchedule, in: zone)
        jitter = try read.duration(.jitter)
        retry = RetryRules(
            count: try read.integer(.retryCount) ?? 3, delay: try read.duration(.retryDelay),
            longestDelay: try read.duration(.retryLongestDelay))
        catchesUp = try read.choice(.catchUp) == "yes"
        grace = try read.duration(.scheduleGrace)
    }

    static let afterBackup = "after-backup"
}

extension BackupConfiguration {
    /// - Parameter host: the name of this machine.
    package func schedule(of host: String) -> Schedule {
        let delay = HostDelay(of: host, below: schedule.jitter).delay
        func job(_ kind: RunRecord.Kind, _ slots: CronSlots?, targets: Set<BackupTarget> = [], retry: RetryRules = .never) -> JobSchedule? {
            slots.map {
                JobSchedule(kind, on: .slots($0), targets: targets, delay: delay, retry: retry, catchesUp: schedule.catchesUp)
            }
        }
        let storeCount = [backupFolder != nil, s3 != nil, gcs != nil].count { $0 }
        let pruning = schedule.prunesAfterBackup ? JobSchedule(.pruning, on: .backup) : job(.pruning, schedule.pruning)
        return Schedule(
            [
                job(.backup, schedule.backup, targets: Set(targets), retry: schedule.retry), pruning,
                storeCount > 1 ? job(.sync, schedule.sync) : nil, job(.reverification, schedule.reverification),
            ]
            .compactMap { $0 })
    }

    /// What is to be saved.
    package var targets: [BackupTarget] { (savesPostgres ? [.postgres] : []) + (redis == nil ? [] : [.redis]) }
}

extension SettingReader {
    /// Nil for `none`, and for the word with a meaning of its own.
    func slots(_ setting: Setting, in zone: CivilZone) throws -> CronSlots? {
        guard case .schedule(let word) = setting.form, let text = try text(setting), text != "none", text != word else { return nil }
        do { return CronSlots(try CronExpression(text), in: zone) } catch {
            throw BackupError(
                .invalidConfiguration, "\(setting.name) is “\(text)”\(place(setting)), which is no schedule: \(error.message)",
                hint: "Write minute, hour, day of the month, month and day of the week, such as 30 2 * * mon-fri; or @daily, or none.")
        }
    }

    /// The one that is set, else that of the process's own clocks, else UTC.
    func zone(_ setting: Setting) throws -> CivilZone {
        guard let name = try given(setting) else { return CivilZone(name: Self.plain(context.environment["TZ"] ?? "")) ?? .utc }
        guard let zone = CivilZone(name: Self.plain(name)) else {
            throw BackupError(
                .invalidConfiguration, "\(setting.name) is “\(name)”\(place(setting)), which is no time zone this machine knows",
                hint: "Take a name of the IANA database, such as Europe/Berlin or UTC; `timedatectl list-timezones` lists them.")
        }
        return zone
    }

    /// POSIX has `:Europe/Berlin` in TZ.
    private static func plain(_ name: String) -> String { String(name.trimmingPrefix(":")) }
}

extension Setting {
    static let schedule = Setting(
        "BACKUP_SCHEDULE", "schedule.backup", .schedule(), standard: "0 2 * * *",
        "When the service takes backups, as crontab(5) writes it, in BACKUP_TIMEZONE; @daily and its kin, too.")
    static let timeZone = Setting(
        "BACKUP_TIMEZONE", "schedule.timezone", .timeZone, standard: "TZ if it names one, else UTC",
        "The clocks that schedules and retention's hours, days, … go by.")
    static let pruneSchedule = Setting(
        "BACKUP_PRUNE_SCHEDULE", "schedule.prune", .schedule(or: ScheduleSettings.afterBackup), standard: ScheduleSettings.afterBackup,
        "When the service removes what retention keeps no longer; after-backup: after each backup that succeeded.")
    static let reverifySchedule = Setting(
        "BACKUP_REVERIFY_SCHEDULE", "schedule.reverify", .schedule(), standard: "0 5 * * *",
        "When the service looks for a backup whose last proof is older than BACKUP_REVERIFY_INTERVAL, and proves it again.")
    static let syncSchedule = Setting(
        "BACKUP_SYNC_SCHEDULE", "schedule.sync", .schedule(), standard: "15 * * * *",
        "When the service gives stores what they lack, where there are several; each backup does so too.")
    static let jitter = Setting(
        "BACKUP_JITTER", "schedule.jitter", .duration, standard: "0s",
        "Each host begins up to so much after a slot, always the same time.")
    static let catchUp = Setting(
        "BACKUP_CATCH_UP", "schedule.catch_up", .choice(["yes", "no"]), standard: "yes",
        "Whether the service makes up for the last slot it was not there for.")
    static let retryCount = Setting(
        "BACKUP_RETRY_COUNT", "schedule.retry_count", .integer(0...100), standard: "3", "How often a backup that failed is tried again.")
    static let retryDelay = Setting(
        "BACKUP_RETRY_DELAY", "schedule.retry_delay", .duration, standard: "5min",
        "How long after a failure; twice as long after each further one.")
    static let retryLongestDelay = Setting(
        "BACKUP_RETRY_MAX_DELAY", "schedule.retry_max_delay", .duration, standard: "1h", "Never longer than this.")
    static let scheduleGrace = Setting(
        "BACKUP_SCHEDULE_GRACE", "schedule.grace", .duration, standard: "2h",
        "How long after its slot a backup is not yet reported as late: what it takes, and the hour that clocks are put back by.")

    static let scheduling = [
        schedule, timeZone, pruneSchedule, reverifySchedule, syncSchedule, jitter, catchUp, retryCount, retryDelay, retryLongestDelay,
        scheduleGrace,
    ]
}
