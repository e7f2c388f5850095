import ArgumentParser
import BackupEngine
import Redis

/// Which road a restore of Redis takes, and what of the file comes back.
struct RedisRestoreOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Into the data folder of a server that does not run.", valueName: "folder"), completion: .directory)
    var dataDir: String?

    @OptionGroup var folder: DataFolderOptions

    @Option(help: ArgumentHelp("Only keys that fit, as KEYS has them; what else is there stays.", valueName: "pattern"))
    var keys: String?

    @Option(help: ArgumentHelp("Only the database of that number.", valueName: "n"))
    var redisDb: UInt64?

    @Flag(help: "Keys that are there are replaced, not left alone.")
    var replaceKeys = false

    @Option(help: ArgumentHelp("With --replace: the address at which the server finds this machine.", valueName: "host"))
    var listenHost: String?

    @Option(help: ArgumentHelp("With --replace: the port for it.", valueName: "port"))
    var listenPort: Int?

    var isUntouched: Bool {
        dataDir == nil && folder.isUntouched && keys == nil && redisDb == nil && !replaceKeys && listenHost == nil && listenPort == nil
    }

    private var takesPart: Bool { keys != nil || redisDb != nil }

    func validate(replace: Bool) throws {
        guard [dataDir != nil, takesPart, replace].count(where: { $0 }) == 1 else {
            throw ValidationError(
                "--only redis needs one of --replace (all of it), --keys or --redis-db (some of it), --data-dir (offline).")
        }
        if replaceKeys, !takesPart { throw ValidationError("--replace-keys goes with --keys or --redis-db.") }
        if listenHost != nil || listenPort != nil, !replace { throw ValidationError("--listen-host and --listen-port go with --replace.") }
        if dataDir == nil, !folder.isUntouched {
            throw ValidationError("--dbfilename, --appendonly, --appenddirname, --appendfilename and --server-version go with --data-dir.")
        }
        try folder.validateValues()
        if let listenPort, !(1...65535).contains(listenPort) { throw ValidationError("--listen-port is a number from 1 to 65535.") }
    }

    var road: RedisRestoreRequest.Road {
        if let dataDir { return .folder(folder.folder(at: dataDir)) }
        return takesPart ? .keys(pattern: keys, database: redisDb, replaces: replaceKeys) : .whole
    }
}
