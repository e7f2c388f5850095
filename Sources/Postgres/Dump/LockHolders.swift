import BackupModel

/// Who keeps us from a lock: what a person would look up in pg_locks.
enum LockHolders {
    /// - Parameter connection: another session than the refused one, outside of any transaction.
    /// - Returns: the error with the locked tables and their holders in it when it is a lock timeout; otherwise the error itself.
    static func naming(_ error: BackupError, over connection: PostgresConnection) async -> BackupError {
        guard (error.cause as? PostgresError)?.sqlState == "55P03" else { return error }
        var named = error
        do {
            let holders = try await connection.rows(query).compactMap { $0.first ?? nil }
            if !holders.isEmpty { named.message = "cannot lock every table, held by others: " + holders.joined(separator: "; ") }
        } catch {
            // Not knowing who it was does not change that the lock was refused, which is the error to report.
            return named
        }
        return named
    }

    private static let query = """
        SELECT DISTINCT pg_catalog.format('%s (process %s, user %s, %s%s)', l.relation::pg_catalog.regclass, l.pid, a.usename, l.mode,
            CASE WHEN a.application_name <> '' THEN ', ' || a.application_name ELSE '' END)
        FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
            JOIN pg_catalog.pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p')
        WHERE l.mode = 'AccessExclusiveLock' AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        LIMIT 10
        """
}
