package import BackupModel

/// A store that a run goes on without.
package struct Dropout: Sendable {
    package var store: String
    package var error: BackupError
    /// Whether nothing is wrong with it but its pace: it can be given its copy afterwards.
    package var isLaggard: Bool

    init(store: String, error: any Error, isLaggard: Bool = false) {
        self.store = store
        self.error = error as? BackupError ?? BackupError(.storeFailed, "\(store) failed", cause: error)
        self.isLaggard = isLaggard
    }

    /// Whether it was found not to answer any more; one that is only slow does.
    package var hangs: Bool { error.code == .stalled && !isLaggard }

    var isCancellation: Bool { error.cause is CancellationError }

    static func tooSlow(_ store: String, _ lag: Duration) -> Dropout {
        Dropout(
            store: store,
            error: BackupError(
                .stalled, "\(store) is too slow: it held up the backup for \(lag.briefly)",
                hint: "It gets its copy when the source is done; it is waited for before as long as BACKUP_STORE_LAG_LIMIT says, "
                    + "now \(lag.briefly)."),
            isLaggard: true)
    }

    static func hangs(_ store: String, _ limit: Duration) -> Dropout {
        Dropout(
            store: store,
            error: BackupError(
                .stalled, "\(store) has had all of the file and not ended it for \(limit.briefly)",
                hint:
                    "See whether it answers with `\(StoreCheck.command(store))`. It is waited for as long as "
                    + "BACKUP_STORE_LAG_LIMIT says, once another store has the file. A rate limit of its own may be too low for that: "
                    + "`call-center-admin config check` says so."))
    }
}
