/// What a private server is to be like.
package struct PostgresBlueprint: Sendable {
    package var major: Int
    /// Lines of `postgresql.conf`, over the fast ones every test server has.
    package var settings: [String: String]
    /// Asks for a password by SCRAM when set; trusts everyone otherwise.
    package var password: String?
    /// Offers TLS with a certificate of its own making.
    package var tls: Bool
    /// Arguments of initdb besides the common ones.
    package var initialization: [String]
    /// Variables of the server's process, such as `LOCPATH`.
    package var environment: [String: String]

    package init(
        major: Int = 15, settings: [String: String] = [:], password: String? = nil, tls: Bool = false, initialization: [String] = [],
        environment: [String: String] = [:]
    ) {
        self.major = major
        self.settings = settings
        self.password = password
        self.tls = tls
        self.initialization = initialization
        self.environment = environment
    }
}

extension PostgresBlueprint {
    /// Speed over safety: the data lives as long as a test.
    private static let fastSettings = [
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "jit": "off",
        "shared_buffers": "64MB", "max_wal_size": "4GB", "wal_level": "replica", "max_prepared_transactions": "4",
        "max_locks_per_transaction": "256", "max_connections": "400", "log_min_messages": "log", "logging_collector": "off",
    ]

    func configuration(port: Int, folder: String) -> String {
        var all = Self.fastSettings.merging(settings) { $1 }
        all["port"] = "\(port)"
        all["listen_addresses"] = "127.0.0.1"
        all["unix_socket_directories"] = folder
        if tls {
            all["ssl"] = "on"
            all["ssl_cert_file"] = "\(folder)/server.crt"
            all["ssl_key_file"] = "\(folder)/server.key"
        }
        return all.sorted { $0.key < $1.key }.map { "\($0.key) = '\($0.value)'\n" }.joined()
    }
}
