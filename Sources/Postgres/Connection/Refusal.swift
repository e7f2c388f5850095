import BackupModel

/// A server's refusal in the operator's terms: which code, and what to do.
struct Refusal {
    let error: BackupError

    /// - Parameter refused: codes are those of the PostgreSQL documentation's appendix "PostgreSQL Error Codes".
    init(_ refused: PostgresError, by target: ConnectionTarget) {
        let (code, hint) = Self.meaning(of: refused.sqlState ?? "", target)
        error = BackupError(code, "PostgreSQL refused: \(refused)", hint: hint ?? refused.hint, cause: refused)
    }

    private static func meaning(of sqlState: String, _ target: ConnectionTarget) -> (BackupError.Code, String?) {
        switch sqlState {
        case "28P01", "28000":
            (
                .authenticationFailed,
                "Check user and password in DATABASE_URL (or PGUSER, PGPASSWORD, ~/.pgpass) and the server's pg_hba.conf."
            )
        case "3D000":
            (
                .databaseMissing,
                "List the databases there are: psql -l with the same connection settings; POSTGRES_DB or --database names ours."
            )
        case "42501":
            (
                .permissionDenied,
                "Grant the role what it lacks; for whole backups: GRANT pg_read_all_data TO the backup role (PostgreSQL 14 and later)."
            )
        case "53300":
            (.sourceUnreachable, "All connection slots are taken: see pg_stat_activity, lower --jobs or raise max_connections.")
        case "53200":
            (.failed, "The server's lock table is full: raise max_locks_per_transaction and restart PostgreSQL.")
        case "53100":
            (.outOfSpace, "The server's disk is full: free space there, then run the command again.")
        case "55P03":
            (
                .failed,
                "Somebody holds or waits for an exclusive lock (ALTER, TRUNCATE, VACUUM FULL …): find it in pg_locks and run the command again after it."
            )
        case "40001":
            (.failed, "On a standby, replay cancelled the query: raise max_standby_streaming_delay or set hot_standby_feedback = on there.")
        case "57P01", "57P02", "57P03":
            (.sourceUnreachable, "The server is starting or stopping: wait until pg_isready answers, then run the command again.")
        case "57014":
            (.failed, "Somebody cancelled the query, or a timeout set on the server did.")
        default: (.failed, nil)
        }
    }
}
