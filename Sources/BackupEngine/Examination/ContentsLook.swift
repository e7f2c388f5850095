import BackupModel
import Doctor
import Postgres

/// Asks what keeps a dump from reading a database, without touching a table of it.
struct ContentsLook {
    let connection: PostgresConnection

    func read() async throws -> PostgresCondition.Contents {
        var contents = PostgresCondition.Contents()
        contents.locks = try await connection.rows(Self.locks).map(PostgresCondition.Lock.init)
        contents.invalidIndexes = try await connection.rows(Self.indexes).map { text($0, 0) }
        contents.extensions = try await connection.rows("SELECT extname FROM pg_catalog.pg_extension ORDER BY 1").map { text($0, 0) }
        let rights = try await ReadingRights.read(over: connection)
        contents.relations = rights.relations
        do { try rights.requireEverything() } catch let error as BackupError { contents.lackingRights = .plain(error) }
        return contents
    }

    /// Also those who wait for one: whoever comes after them waits, too. What restores of ours hold ends by itself. A prepared transaction has no
    /// process: its other locks lead to the one on its own number.
    private static let locks = """
        SELECT DISTINCT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), l.pid,
            coalesce(a.usename, p.owner, ''), coalesce(a.application_name, ''),
            extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(a.xact_start, p.prepared))::bigint, pg_catalog.quote_literal(p.gid)
        FROM pg_catalog.pg_locks l
            JOIN pg_catalog.pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p')
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
            LEFT JOIN pg_catalog.pg_locks own ON l.pid IS NULL AND own.pid IS NULL AND own.locktype = 'transactionid'
                AND own.mode = 'ExclusiveLock' AND own.virtualtransaction = l.virtualtransaction
            LEFT JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = own.transactionid
        WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND coalesce(a.application_name, '') !~ '^call-center'
            AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        ORDER BY 1, 2 LIMIT 20
        """

    /// Those that are just being built become valid by themselves.
    private static let indexes = """
        SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT i.indisvalid AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
        ORDER BY 1 LIMIT 20
        """
}

extension PostgresCondition.Lock {
    fileprivate init(_ row: [String?]) {
        let name = text(row, 5)
        self.init(
            table: text(row, 0), holder: name.isEmpty ? .session(Int(number(row, 1))) : .prepared(name), user: text(row, 2),
            application: text(row, 3), age: Int64(text(row, 4)).map { .seconds($0) })
    }
}
