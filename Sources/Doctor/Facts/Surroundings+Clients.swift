import BackupModel

/// How redis-cli is let in where we are. No secret is among its words: others see them in the list of processes.
package struct RedisAccess: Sendable, Equatable {
    package enum Password: Sendable, Equatable {
        case none
        /// What a shell makes the password of: a word in quotes that reads it from where the settings have it.
        case told(String)
        /// It is asked for at the terminal.
        case asked
    }

    package var password = Password.none
    /// Nil where nobody is named: Redis calls that one `default`.
    package var user: String?
    /// Options of redis-cli for TLS; empty without.
    package var encryption: [String] = []

    package init() {}

    /// Who may change the server: as a rule the user that only copies may not.
    fileprivate var administrator: RedisAccess {
        guard let user, user != "default" else { return self }
        return asked
    }

    /// For whoever the password of the settings does not let in.
    fileprivate var asked: RedisAccess {
        var access = self
        (access.password, access.user) = (.asked, nil)
        return access
    }

    /// What stands before a command.
    fileprivate var prefix: String {
        guard case .told(let word) = password else { return "" }
        return "REDISCLI_AUTH=\(word) "
    }

    fileprivate var login: [String] {
        (password == .asked ? ["--askpass"] : []) + (user.map { ["--user", Shell.quoted($0)] } ?? [])
    }
}

extension Surroundings {
    /// Who redis-cli is to be.
    enum RedisClient {
        /// The user that copies.
        case own
        /// One that may change the server.
        case administrator
        /// One whose password is not that of the settings, which is refused.
        case another
    }

    /// Who psql is to be.
    enum PostgresClient {
        /// The role that copies, for what every role may ask.
        case own
        /// One that may do everything.
        case administrator
    }

    /// One statement, as somebody who may do everything where nothing else is said.
    func psql(_ sql: String, database: String = "postgres", as client: PostgresClient = .administrator) -> String {
        self.client("psql", as: client, "-d \(Shell.quoted(database)) -c \(Shell.quoted(sql))")
    }

    /// One value and nothing else, asked for where the server runs.
    func psqlOnServer(_ sql: String) -> String {
        let words = "-XAt -d postgres -c \(Shell.quoted(sql))"
        if manager == .compose { return "psql -U \(Shell.quoted(administrator)) \(words)" }
        return postgres.isLocal ? client("psql", as: .administrator, words) : account("psql", words)
    }

    /// As the account that the server runs under, which its socket lets in without a password.
    private func account(_ program: String, _ words: String) -> String {
        "sudo -u postgres \(program) -p \(postgres.port) \(words)"
    }

    /// A command of a shell, where the server's files are.
    func onServer(_ command: String) -> String {
        if manager == .compose { return "docker compose exec \(name(of: .postgres)) sh -c \(Shell.quoted(command))" }
        return postgres.isLocal ? command : "ssh \(postgres.host) \(Shell.quoted(command))"
    }

    /// Freezes every database that lets anybody in: which of them is the oldest is soon another one.
    package var freeze: String { client("vacuumdb", as: .administrator, "--all --freeze") }

    /// In a container of its own the server is asked through its socket. The password of the settings is that of the role that connects: it is read by
    /// the shell, and stands in no command.
    private func client(_ program: String, as client: PostgresClient, _ words: String) -> String {
        let user = client == .own ? role : administrator
        if hasOwnAccount, manager != .compose, user != role { return account(program, words) }
        let words = "-U \(Shell.quoted(user)) \(words)"
        guard manager != .compose else { return "docker compose exec \(name(of: .postgres)) \(program) \(words)" }
        let password = user == role ? postgresPassword.map { ["PGPASSWORD=\($0)"] } ?? [] : []
        let options = (password + postgresOptions).map { "\($0) " }.joined()
        return "\(options)\(program) -h \(Shell.quoted(postgres.host)) -p \(postgres.port) \(words)"
    }

    func redisCLI(_ words: String, as client: RedisClient = .own) -> String {
        let access = access(client)
        guard manager != .compose, let redis else { return redisInContainer(words, access) }
        let place =
            redis.host.hasPrefix("/") ? ["-s", Shell.quoted(redis.host)] : ["-h", Shell.quoted(redis.host), "-p", "\(redis.port)"]
        return access.prefix + (["redis-cli"] + place + access.encryption + access.login + [words]).joined(separator: " ")
    }

    /// On the server's own machine, by its loopback address, where nobody is asked for a password that there is none of yet.
    func redisCLIThere(_ words: String) -> String {
        guard manager != .compose, let redis, !redis.host.hasPrefix("/") else { return redisCLI(words) }
        return on(.redis, (["redis-cli", "-p", "\(redis.port)"] + loopback(redisAccess) + [words]).joined(separator: " "))
    }

    private func access(_ client: RedisClient) -> RedisAccess {
        switch client {
        case .own: redisAccess
        case .administrator: redisAccess.administrator
        case .another: redisAccess.asked
        }
    }

    private func redisInContainer(_ words: String, _ access: RedisAccess) -> String {
        let handing = access.prefix.isEmpty ? [] : ["-e", "REDISCLI_AUTH"]
        let port = redis.flatMap { [0, 6379].contains($0.port) ? nil : ["-p", "\($0.port)"] } ?? []
        let program = ["docker", "compose", "exec"] + handing + [name(of: .redis), "redis-cli"]
        return access.prefix + (program + port + loopback(access) + access.login + [words]).joined(separator: " ")
    }

    /// The certificate is for another name, and our files are not there; nobody listens in between.
    private func loopback(_ access: RedisAccess) -> [String] { access.encryption.isEmpty ? [] : ["--tls", "--insecure"] }
}
