import BackupModel
package import Redis

/// What one restore of Redis is asked for.
package struct RedisRestoreRequest: Sendable {
    package enum Road: Sendable, Equatable {
        /// Into the data folder of a server that does not run.
        case folder(DataFolder)
        /// Into the running server of `REDIS_URL`, in place of all it holds.
        case whole
        /// Some keys of it; what is not selected stays.
        case keys(pattern: String?, database: UInt64?, replaces: Bool)
    }

    package var backup: LocatedBackup
    package var road: Road
    /// Where the server finds us; nil: the address our connection to it comes from.
    package var host: String?
    /// Where we listen for it; 0: any port.
    package var port: Int

    package init(of backup: LocatedBackup, by road: Road, host: String? = nil, port: Int = 0) {
        self.backup = backup
        self.road = road
        self.host = host
        self.port = port
    }
}
