package import BackupModel
package import BackupReports
package import Postgres

/// Everything a run has to know, read once at its beginning.
package struct BackupConfiguration: Sendable {
    /// The server and role; its database is the first of `databases`.
    package var source: ConnectionTarget
    /// Never empty; the main one first.
    package var databases: [String]
    /// The first of the configured databases, whichever a run is asked for: the `latest` links stand for it.
    package var mainDatabase: String
    package var savesPostgres = true
    /// Nil when Redis is not to be saved.
    package var redis: RedisSettings?
    /// Where pg_dump and its kin are looked for first.
    package var programFolder: String?
    /// `PATH`, where they are looked for last.
    package var searchPath: String?
    /// Nil when backups are kept in buckets alone.
    package var backupFolder: String?
    /// Nil when no bucket is named.
    package var gcs: GCSSettings?
    package var stateFolder: String
    /// Nil when nothing is to be kept in S3.
    package var s3: S3Settings?
    /// How full the disk of the backup folder may become.
    package var diskMaxPercent: Int
    /// For what is written to the backup folder.
    package var folderRateLimit: ByteRate?
    /// How long a store may hold up the others over one file.
    package var storeLagLimit: Duration
    package var jobs: Int
    package var format: Artifact.Format
    package var verification: VerificationSettings
    package var encryption: EncryptionSettings
    package var retention: RetentionSettings
    /// Nil when the service is to listen nowhere.
    package var http: BackupHTTPSettings?
    package var schedule: ScheduleSettings
    /// Who is told when something is wrong.
    package var alerts: AlertSettings
    package var service: ServiceSettings
    package var rateLimit: ByteRate?
    /// Nil when every backup reads everything.
    package var rereadAfter: Duration?
    package var memoryLimit: ByteSize
    /// For tables that somebody else has locked.
    package var lockTimeout: Duration
    package var stallTimeout: Duration
    /// For another run to end.
    package var runLockTimeout: Duration
    /// What deserves a word but stops nothing: keys in files that are no settings.
    package var warnings: [String]
    /// Every setting with its source, for `config show`.
    package var settings: [ResolvedSetting]
    /// What stands in each file of settings, by its path and then by the setting's name, whatever the environment says of it. Secrets are among them.
    package var fileValues: [String: [String: String]]
}

extension BackupConfiguration {
    /// Reads all settings.
    /// - Throws: `.invalidConfiguration` naming every key that cannot be used.
    package static func load(context: RunContext, flags: [String: FlagValue] = [:]) async throws -> BackupConfiguration {
        let layers = try await SettingLayers.load(context: context, flags: flags)
        let read = SettingReader(layers: layers, context: context)
        try read.requireValid()
        let (source, databases) = try ConnectionSettings(read: read).resolve()
        let backupFolder = try read.backupFolder()
        let jobs = try read.integer(.jobs) ?? context.standardJobs
        let stateFolder = try read.stateFolder(beside: backupFolder)
        let s3 = try S3Settings(read)
        let schedule = try ScheduleSettings(read)
        let computed = [Setting.jobs: "\(jobs)", .stateFolder: stateFolder, .awsRegion: s3?.region, .timeZone: schedule.zone.name]
        return BackupConfiguration(
            source: source,
            databases: databases,
            mainDatabase: databases[0],
            redis: try RedisSettings(read),
            programFolder: try read.path(.programFolder),
            searchPath: context.environment["PATH"],
            backupFolder: backupFolder,
            gcs: try GCSSettings(read),
            stateFolder: stateFolder,
            s3: s3,
            diskMaxPercent: try read.integer(.diskMaxPercent) ?? 90,
            folderRateLimit: try read.rate(.folderRateLimit),
            storeLagLimit: try read.duration(.storeLagLimit),
            jobs: jobs,
            format: Artifact.Format(rawValue: try read.choice(.format)),
            verification: try VerificationSettings(read),
            encryption: try EncryptionSettings(read),
            retention: try RetentionSettings(read),
            http: try BackupHTTPSettings(read),
            schedule: schedule,
            alerts: try AlertSettings(read),
            service: try ServiceSettings(read),
            rateLimit: try read.rate(.rateLimit),
            rereadAfter: try read.rereadAfter(),
            memoryLimit: try read.size(.memoryLimit) ?? ByteSize(128 << 20),
            lockTimeout: try read.duration(.lockTimeout),
            stallTimeout: try read.duration(.stallTimeout),
            runLockTimeout: try read.duration(.runLockTimeout),
            warnings: layers.warnings,
            settings: try Setting.all.map { setting in
                var resolved = try layers.resolve(setting).computing(computed[setting] ?? nil)
                if setting == .databaseURL, resolved.value != nil { resolved.hint = "(\(source))" }
                if setting == .redisURL, let target = try read.redis(setting) { resolved.hint = "(\(target))" }
                return resolved
            },
            fileValues: layers.fileValues
        )
    }
}

extension BackupConfiguration {
    /// Takes these databases in place of the configured ones. The main one stays what it is.
    package mutating func select(databases names: [String]) {
        guard let first = names.first else { return }
        databases = names.withoutRepetitions
        source = source.with(database: first)
    }
}

extension BackupConfiguration {
    /// Whether somebody has said what is to be saved of PostgreSQL; else it is the default's name.
    var namesDatabase: Bool {
        let named = [Setting.databases, .databaseURL, .postgresDatabase].map(\.name) + ["PGDATABASE"]
        return settings.contains { named.contains($0.setting.name) && $0.value != nil && $0.source != .standard }
    }
}

extension BackupConfiguration {
    /// One of the two stores alone.
    package enum Part: String, Sendable, CaseIterable { case postgres, redis }

    static let noRedis = BackupError(
        .invalidConfiguration, "REDIS_URL is not set, so there is no Redis to speak to",
        hint: "Set it, such as REDIS_URL=redis://localhost:6379; docs/configuration.md has its forms.")

    /// - Throws: `.invalidConfiguration` when nobody says where Redis is.
    package mutating func select(only part: Part) throws {
        switch part {
        case .postgres: redis = nil
        case .redis:
            guard redis != nil else { throw Self.noRedis }
            savesPostgres = false
        }
    }
}

extension SettingReader {
    fileprivate func rereadAfter() throws -> Duration? {
        let days = try integer(.rereadDays) ?? 7
        return days == 0 ? nil : .seconds(days * 86_400)
    }
}

extension RunContext {
    fileprivate var standardJobs: Int { min(max(processors, 1), 8) }
}
