import BackupModel

/// A server's refusal in the operator's terms: which code, and what to do.
struct Refusal {
    let error: BackupError

    init(_ refused: PostgresError, by target: ConnectionTarget) {
        let meaning = refused.sqlState.flatMap { Self.meanings[$0] }
        error = BackupError(
            meaning?.code ?? .failed, "PostgreSQL refused: \(refused)", hint: meaning?.hint ?? refused.hint, cause: refused)
    }

    private struct Meaning {
        let code: BackupError.Code
        let hint: String

        init(_ code: BackupError.Code, _ hint: String) {
            self.code = code
            self.hint = hint
        }
    }

    /// By SQLSTATE (PostgreSQL documentation, appendix "PostgreSQL Error Codes"); any other is a failure with the server's own hint.
    private static let meanings: [String: Meaning] = [
        "28P01": wrongCredentials,
        "28000": wrongCredentials,
        "3D000": Meaning(
            .databaseMissing,
            "List the databases there are: psql -l with the same connection settings; POSTGRES_DB or --database names ours."),
        "42501": Meaning(
            .permissionDenied,
            "Grant the role what it lacks; for whole backups: GRANT pg_read_all_data TO the backup role (PostgreSQL 14 and later)."),
        "53300": Meaning(
            .sourceUnreachable, "All connection slots are taken: see pg_stat_activity, lower --jobs or raise max_connections."),
        "53200": Meaning(.failed, "The server's lock table is full: raise max_locks_per_transaction and restart PostgreSQL."),
        "53100": Meaning(.outOfSpace, "The server's disk is full: free space there, then run the command again."),
        "55P03": Meaning(
            .failed,
            "Somebody holds or waits for an exclusive lock (ALTER, TRUNCATE, VACUUM FULL …): find it in pg_locks and run the command again after it."
        ),
        "40001": Meaning(
            .failed, "On a standby, replay cancelled the query: raise max_standby_streaming_delay or set hot_standby_feedback = on there."),
        "57P01": comingOrGoing,
        "57P02": comingOrGoing,
        "57P03": comingOrGoing,
        "57014": Meaning(.failed, "Somebody cancelled the query, or a timeout set on the server did."),
    ]

    private static let wrongCredentials = Meaning(
        .authenticationFailed, "Check user and password in DATABASE_URL (or PGUSER, PGPASSWORD, ~/.pgpass) and the server's pg_hba.conf.")
    private static let comingOrGoing = Meaning(
        .sourceUnreachable, "The server is starting or stopping: wait until pg_isready answers, then run the command again.")
}
