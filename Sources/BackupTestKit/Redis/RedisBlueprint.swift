package import SystemPackage

/// What a private Redis is to be like.
package struct RedisBlueprint: Sendable {
    package typealias Version = RedisInstallation.Version

    package var version: Version
    /// Lines of `redis.conf`, over the quick ones every test server has. A directive that may stand several times takes one entry each.
    package var settings: [String]
    /// Speaks TLS only, with a certificate for `redis.test` that an authority of its own signs; clients need one too when `.mutual`.
    package var tls: TLS?
    /// The folder of a server whose authority and certificates this one shall have too; nil: its own.
    package var certificates: FilePath?
    /// A file to begin with as `dump.rdb`.
    package var dump: [UInt8]?
    /// Puts more into the data folder before the server starts.
    package var prepare: (@Sendable (FilePath) async throws -> Void)?

    package enum TLS: String, Sendable {
        case serverOnly = "no"
        case mutual = "yes"
    }

    package init(_ version: Version = .redis7, settings: [String] = [], tls: TLS? = nil, dump: [UInt8]? = nil) {
        self.version = version
        self.settings = settings
        self.tls = tls
        self.dump = dump
    }
}

extension RedisBlueprint {
    /// No delay before a copy over the socket, no saves of its own.
    private static let quickSettings = [
        "bind 127.0.0.1", "daemonize no", "appendonly no", "save \"\"", "repl-diskless-sync yes", "repl-diskless-sync-delay 0",
        "repl-ping-replica-period 1", "shutdown-timeout 0", "enable-debug-command yes",
    ]

    /// What Redis 6.2 does not know yet.
    private static let newSettings = ["shutdown-timeout", "enable-debug-command"]

    func configuration(port: Int, folder: String) -> String {
        let quick = Self.quickSettings.filter { line in version != .redis6 || !Self.newSettings.contains { line.hasPrefix($0) } }
        let lines = quick + settings + ["dir \(folder)", "unixsocket \(folder)/socket", "unixsocketperm 777", "pidfile \(folder)/pid"]
        guard let tls else { return (lines + ["port \(port)"]).joined(separator: "\n") }
        return (lines + tls.lines(port: port, folder: folder)).joined(separator: "\n")
    }
}

extension RedisBlueprint.TLS {
    /// Also for Sentinels.
    func lines(port: Int, folder: String) -> [String] {
        [
            "port 0", "tls-port \(port)", "tls-cert-file \(folder)/server.crt", "tls-key-file \(folder)/server.key",
            "tls-ca-cert-file \(folder)/ca.crt", "tls-auth-clients \(rawValue)", "tls-replication yes",
        ]
    }
}

/// Gives `folder` the certificates another server made.
func shareCertificates(from source: FilePath, to folder: FilePath) async throws {
    try await Command("bash", ["-c", "cp -p '\(source)'/*.crt '\(source)'/*.key '\(folder)'"]).output()
}
