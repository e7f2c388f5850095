/// The data folder of a server that does not run, and what the files in it are called there (`dir`, `dbfilename`, `appenddirname`, `appendfilename`).
package struct DataFolder: Sendable, Equatable {
    /// What the server's append-only log is to become. With `appendonly yes` a server reads its log alone and never `dump.rdb`; without a log it
    /// starts *empty*.
    package enum Log: String, Sendable, Equatable, CaseIterable {
        /// A log of the form that is there; none where there is none.
        case asFound = "as-found"
        /// For servers with `appendonly no`.
        case none = "no"
        /// Redis 7.0, Valkey and later: a folder with a manifest.
        case folder
        /// Redis 6.2 and earlier: one file.
        case file
    }

    package var path: String
    package var dumpName: String
    package var logFolderName: String
    package var logName: String
    package var log: Log
    /// The server, if it could be asked before it was ended: which files it can load. Nil: not checked.
    package var version: RedisVersion?

    package init(
        path: String, dumpName: String = "dump.rdb", logFolderName: String = "appendonlydir", logName: String = "appendonly.aof",
        log: Log = .asFound, version: RedisVersion? = nil
    ) {
        self.path = path
        self.dumpName = dumpName
        self.logFolderName = logFolderName
        self.logName = logName
        self.log = log
        self.version = version
    }
}

extension DataFolder {
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The log a restore writes, given what lies in the folder.
    func log(among names: Set<String>) -> Log {
        guard log == .asFound else { return log }
        if names.contains(logFolderName) { return .folder }
        return names.contains(logName) ? .file : .none
    }
}
