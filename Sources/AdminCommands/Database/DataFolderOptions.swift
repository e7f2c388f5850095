import ArgumentParser
import Redis

/// What the files in a data folder are called, where the server's configuration names them otherwise, and what the server is.
struct DataFolderOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("With --data-dir: as in redis.conf. (default: dump.rdb)", valueName: "name"))
    var dbfilename: String?

    @Option(
        help: ArgumentHelp(
            "With --data-dir: the log to write: no, folder (Redis 7 and later, Valkey) or file (before). (default: as there is one)",
            valueName: "log"),
        completion: .list(["no", "folder", "file"]))
    var appendonly: DataFolder.Log?

    @Option(help: ArgumentHelp("With --data-dir: as in redis.conf. (default: appendonlydir)", valueName: "name"))
    var appenddirname: String?

    @Option(help: ArgumentHelp("With --data-dir: as in redis.conf. (default: appendonly.aof)", valueName: "name"))
    var appendfilename: String?

    @Option(help: ArgumentHelp("With --data-dir: the server that will load it, such as 7.0 or valkey-8.1.", valueName: "version"))
    var serverVersion: String?

    var isUntouched: Bool {
        dbfilename == nil && appendonly == nil && appenddirname == nil && appendfilename == nil && serverVersion == nil
    }

    func validateValues() throws {
        for (option, name) in [("dbfilename", dbfilename), ("appenddirname", appenddirname), ("appendfilename", appendfilename)] {
            if let name, name.isEmpty || name.hasPrefix(".") || name.contains("/") {
                throw ValidationError("--\(option) takes the name of a file in the folder.")
            }
        }
        if let serverVersion, RedisVersion(written: serverVersion) == nil {
            throw ValidationError("--server-version takes a version such as 7.0, redis-7.4 or valkey-8.1.")
        }
    }

    func folder(at path: String) -> DataFolder {
        var folder = DataFolder(path: path)
        if let dbfilename { folder.dumpName = dbfilename }
        if let appendonly { folder.log = appendonly }
        if let appenddirname { folder.logFolderName = appenddirname }
        if let appendfilename { folder.logName = appendfilename }
        folder.version = serverVersion.flatMap { RedisVersion(written: $0) }
        return folder
    }
}

extension DataFolder.Log: ExpressibleByArgument {}
