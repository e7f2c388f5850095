extension Setting {
    /// Every setting of this version, in the order the documentation lists them.
    package static let all: [Setting] =
        sources + postgres + redis + storage + s3 + gcs + encryption + behaviour + scheduling + verification + retention
        + service + alerts + httpServer

    package static func named(_ name: String) -> Setting? { byName[name] }

    static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    static let byYAMLKey = Dictionary(all.map { ($0.yamlKey, $0) }, uniquingKeysWith: { first, _ in first })
}

extension Setting {
    static let environmentFile = Setting(
        "BACKUP_ENV_FILE", "backup.env_file", .path, standard: "./.env if it exists",
        "A file of NAME=value lines. Read from the process's environment only."
    )
    static let configurationFile = Setting(
        "BACKUP_CONFIG", "backup.config", .path, "A YAML file of settings. Read from the environment and the `.env` file.")

    fileprivate static let sources = [environmentFile, configurationFile]
}

extension Setting {
    static let databaseURL = Setting(
        "DATABASE_URL", "database.url", .connection, isSecret: true,
        "The server as a postgres:// URL or a libpq keyword string. What it says goes before the PG… variables; what it leaves out they fill in."
    )
    static let databases = Setting(
        "BACKUP_DATABASES", "database.names", .list,
        "The databases of one run, the main one first. Unset: the one of DATABASE_URL, PGDATABASE or POSTGRES_DB."
    )
    static let postgresDatabase = Setting(
        "POSTGRES_DB", "database.name", .text, standard: "call_center", "The database to back up when nothing else names one.")
    static let programFolder = Setting(
        "PG_BIN_DIR", "postgres.bin_dir", .path,
        "Where pg_dump, pg_dumpall, psql and pg_restore are looked for first; then /usr/lib/postgresql/*/bin and PATH."
    )

    fileprivate static let postgres = [databaseURL, databases, postgresDatabase] + libpq + [programFolder]

    /// The variables libpq reads itself; they are listed so that a `.env` or YAML file can set them too.
    static let libpq = [
        libpq("PGHOST", "host", "host", "Server name, address, or folder of its socket."),
        libpq("PGHOSTADDR", "hostaddr", "hostaddr", "Server address, when the name is not to be looked up."),
        libpq("PGPORT", "port", "port", "Server port."),
        libpq("PGDATABASE", "database", "dbname", "Database to back up when DATABASE_URL and BACKUP_DATABASES name none."),
        libpq("PGUSER", "user", "user", "Role to connect as."),
        Setting(
            "PGPASSWORD", "postgres.password", .text, isSecret: true, keyword: "password", "Its password; PGPASSFILE is the better place."),
        libpq("PGPASSFILE", "passfile", "passfile", "Password file, ~/.pgpass by default."),
        libpq("PGSERVICE", "service", "service", "Section of the service file to take connection settings from."),
        libpq("PGSSLMODE", "sslmode", "sslmode", "disable, allow, prefer, require, verify-ca or verify-full."),
        libpq("PGSSLROOTCERT", "sslrootcert", "sslrootcert", "Certificates of the authorities to trust."),
        libpq("PGSSLCERT", "sslcert", "sslcert", "Client certificate."),
        libpq("PGSSLKEY", "sslkey", "sslkey", "Its private key file."),
        libpq(
            "PGTARGETSESSIONATTRS", "target_session_attrs", "target_session_attrs",
            "Which of several hosts to take: any, primary, standby, …"),
        libpq("PGOPTIONS", "options", "options", "Options for the server's session."),
        libpq("PGCONNECT_TIMEOUT", "connect_timeout", "connect_timeout", "Seconds to wait for a connection."),
    ]

    private static func libpq(_ name: String, _ key: String, _ keyword: String, _ summary: String) -> Setting {
        Setting(name, "postgres." + key, .text, keyword: keyword, summary)
    }
}

extension Setting {
    static let redisURL = Setting(
        "REDIS_URL", "redis.url", .redis, isSecret: true,
        "Redis or Valkey, saved together with PostgreSQL: redis:// or rediss://, unix://, redis+sentinel:// or redis+cluster://. Unset: PostgreSQL alone."
    )
    static let redisPassword = Setting(
        "REDIS_PASSWORD", "redis.password", .text, isSecret: true, "Its password, where REDIS_URL has none.")
    static let redisReplicas = Setting(
        "BACKUP_REDIS_REPLICAS", "redis.replicas", .redisList, isSecret: true,
        "Replicas of a single server; the healthy one that is least behind is read in its place."
    )
    static let redisReadFrom = Setting(
        "BACKUP_REDIS_READ_FROM", "redis.read_from", .choice(["primary", "replica"]), standard: "primary",
        "Whether replicas that Sentinels and clusters know of are read in place of their primary."
    )

    fileprivate static let redis = [redisURL, redisPassword, redisReplicas, redisReadFrom]
}

extension Setting {
    static let jobs = Setting(
        "BACKUP_JOBS", "backup.jobs", .integer(1...64), standard: "one per core, at most 8", "Connections that read or load at once.")
    static let format = Setting(
        "BACKUP_FORMAT", "backup.format", .choice(["sql.gz", "sql.zst", "custom"]), standard: "sql.gz",
        "How dumps are written; custom is pg_dump's own."
    )
    static let rateLimit = Setting(
        "BACKUP_RATE_LIMIT", "backup.rate_limit", .rate, "Upper bound for writing the backup, compressed bytes per second.")
    static let rereadDays = Setting(
        "BACKUP_REREAD_DAYS", "backup.reread_days", .integer(0...366), standard: "7",
        "After how many days data is read again although the server says that nothing has changed; 0: every backup reads everything.")
    static let memoryLimit = Setting(
        "BACKUP_MEMORY_LIMIT", "backup.memory_limit", .size, standard: "128MiB",
        "Bound for what a run holds in memory; a single larger row still has to fit."
    )
    static let lockTimeout = Setting(
        "BACKUP_LOCK_TIMEOUT", "backup.lock_timeout", .duration, standard: "5min",
        "How long to wait for a table that somebody else has locked."
    )
    static let stallTimeout = Setting(
        "BACKUP_STALL_TIMEOUT", "backup.stall_timeout", .duration, standard: "15min",
        "How long a stream may stand still before the run counts as failed."
    )
    static let runLockTimeout = Setting(
        "BACKUP_RUN_LOCK_TIMEOUT", "backup.run_lock_timeout", .duration, standard: "0s", "How long to wait for another run to end."
    )

    fileprivate static let behaviour = [jobs, format, rereadDays, rateLimit, memoryLimit, lockTimeout, stallTimeout, runLockTimeout]
}
