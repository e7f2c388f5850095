import BackupModel

/// The configuration of a scratch Redis: nothing is to reach it, and nothing of its data is to be lost in it.
struct ScratchRedisSettings: Sendable {
    let version: RedisVersion
    /// Its own folder, where the file lies.
    let home: String
    let password: Secret
    /// Of the file.
    let highestDatabase: UInt64

    static let dumpName = "dump.rdb"

    static func socket(in home: String) -> String { "\(home)/s" }

    var text: String { (lines + hardening).map { $0 + "\n" }.joined() }

    private var lines: [String] {
        [
            "port 0", "unixsocket \(Self.socket(in: home))", "unixsocketperm 700", "requirepass \(password.reveal())", "daemonize no",
            "dir \(home)", "dbfilename \(Self.dumpName)", "save \"\"", "appendonly no", "databases \(max(16, highestDatabase &+ 1))",
            "maxclients 32", "logfile \"\"", "loglevel notice", "rdbchecksum yes", "maxmemory 0",
            // A primary drops what expired meanwhile when it loads a file, and goes on dropping; a replica waits for its primary, which never comes.
            "replicaof 127.0.0.1 1", "replica-serve-stale-data yes",
        ]
    }

    /// A file may be made to exploit a server that trusts it.
    private var hardening: [String] {
        version.flavour == .valkey || version.release >= (6, 2) ? ["sanitize-dump-payload yes"] : []
    }
}
