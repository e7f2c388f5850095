import SystemPackage

/// Sentinels that watch one primary of a test.
package struct SentinelGroup: Sendable {
    package let master: String
    package let ports: [Int]
    let servers: [RedisServer]
    /// What stands behind the `?` of a URL where they and their master speak TLS.
    let options: String

    /// A URL that names them all; `extra` stand before them: dead ones.
    package func url(extra: [Int] = []) -> String {
        let scheme = options.isEmpty ? "redis+sentinel" : "rediss+sentinel"
        return "\(scheme)://" + (extra + ports).map { "127.0.0.1:\($0)" }.joined(separator: ",") + "/" + master + options
    }
}

/// Runs `body` with one Sentinel that watches `primary`, over TLS where that speaks it; `settings` are lines of its configuration.
package func withSentinel<Value: Sendable>(
    of primary: RedisServer, master: String = "calls", settings: [String] = [], _ body: (SentinelGroup) async throws -> Value
) async throws -> Value {
    try await withRetriedPort { port in
        let folder = try TemporaryFolder(prefix: "ccb-sentinel").path
        if primary.tls != nil { try await shareCertificates(from: primary.folder, to: folder) }
        let listening = primary.tls?.lines(port: port, folder: folder.string) ?? ["port \(port)"]
        let configuration = """
            \(listening.joined(separator: "\n"))
            bind 127.0.0.1
            unixsocket \(folder)/socket
            dir \(folder)
            sentinel monitor \(master) 127.0.0.1 \(primary.port) 1
            sentinel down-after-milliseconds \(master) 1000
            sentinel failover-timeout \(master) 5000

            """ + settings.joined(separator: "\n")
        let supervisor = RedisSupervisor(
            folder: folder.string, program: primary.installation.server.string, configuration: configuration, tls: primary.tls != nil,
            arguments: ["--sentinel"])
        let server = RedisServer(installation: primary.installation, port: port, folder: folder, tls: primary.tls)
        let group = SentinelGroup(master: master, ports: [port], servers: [server], options: primary.options)
        return try await supervisor.run { try await body(group) }
    }
}

extension SentinelGroup {
    /// Makes the first Sentinel ask for INFO ten times a second in place of once in ten seconds (Redis 7 and later).
    package func askOften() async throws { try await servers[0].cli("SENTINEL", "DEBUG", "info-period", "100") }

    /// Waits until the first Sentinel lists something among its master's replicas.
    /// - Returns: the whole list as redis-cli prints it.
    @discardableResult
    package func wait(forReplicaWith line: String) async throws -> String {
        while true {
            let replicas = try await servers[0].cli("SENTINEL", "replicas", master)
            if replicas.split(separator: "\n").contains(Substring(line)) { return replicas }
            try await Command("sleep", ["0.05"]).output()
        }
    }
}
