import BackupModel

extension Setting {
    /// What `BACKUP_DIR` says when backups are to be kept in buckets alone.
    static let noFolder = "none"

    static let backupFolder = Setting(
        "BACKUP_DIR", "backup.dir", .path, standard: "/backups",
        "The folder backups are kept in; none: in buckets only.")
    static let stateFolder = Setting(
        "BACKUP_STATE_DIR", "backup.state_dir", .path, standard: "BACKUP_DIR/.state",
        "Where locks, the history of runs and their logs, the journal of the running backup and the catalog's cache lie; /var/lib/call-center-backup without a folder."
    )
    static let storeLagLimit = Setting(
        "BACKUP_STORE_LAG_LIMIT", "backup.store_lag_limit", .duration, standard: "1min",
        "How long a slow store may hold up the others over one file; then it gets its copy when the source is done. So long, too, one is waited for that "
            + "takes nothing more once another has the whole file, counted from the last bytes it took (a second more for each GiB); it is then told as failed, "
            + "the status is 8, and the next run gives it its copy. A number with its unit: 30s, 5min.")

    static let diskMaxPercent = Setting(
        "BACKUP_DISK_MAX_PERCENT", "backup.disk_max_percent", .integer(1...100), standard: "90",
        "How full the disk of BACKUP_DIR may become. Before it does, backups are pruned; where that does not help, a backup fails with status 6."
    )

    static let folderRateLimit = Setting(
        "BACKUP_DIR_RATE_LIMIT", "backup.dir_rate_limit", .rate, "Upper bound for what is written there, bytes per second.")

    static let storage = [backupFolder, stateFolder, diskMaxPercent, storeLagLimit, folderRateLimit]
}

extension SettingReader {
    /// Nil when backups are kept in buckets alone.
    func backupFolder() throws -> String? {
        if try given(.backupFolder)?.lowercased() == Setting.noFolder { return nil }
        return try path(.backupFolder) ?? "/backups"
    }

    func stateFolder(beside backupFolder: String?) throws -> String {
        try path(.stateFolder) ?? backupFolder.map { $0 + "/.state" } ?? "/var/lib/call-center-backup"
    }
}
