import BackupModel
import Doctor
import Postgres

/// Asks a server about itself, by views that every role may read.
struct ServerLook {
    let connection: PostgresConnection
    /// This host's clock.
    let now: @Sendable () -> Instant

    func read() async throws -> PostgresCondition.Server {
        let row = try await connection.rows(Self.main).first ?? []
        let time = Instant(secondsSinceEpoch: number(row, 7))
        let lead = row.indices.contains(7) ? time - now() : nil
        var server = PostgresCondition.Server(version: text(row, 0))
        server.isStandby = text(row, 1) == "t"
        server.savesPasswords = text(row, 2) == "t"
        server.maxConnections = Int(number(row, 3))
        server.reserved = Int(number(row, 4))
        server.connections = Int(number(row, 5))
        server.seesTransactions = text(row, 6) == "t"
        server.clockLead = lead
        server.accessFile = text(row, 8).isEmpty ? nil : text(row, 8)
        server.archiver = try await connection.rows(Self.archiver).first.map { row in
            .init(segment: text(row, 0), lastTried: text(row, 1), failures: number(row, 2))
        }
        server.sizes = try await pairs(Self.sizes)
        server.checksumFailures = try await pairs(Self.checksums)
        server.oldestAge = try await pairs(Self.age).first
        server.longTransactions = try await connection.rows(Self.transactions).map { row in
            .init(process: Int(number(row, 0)), user: text(row, 1), application: text(row, 2), age: .seconds(number(row, 3)))
        }
        server.slots = try await connection.rows(Self.slots).map { row in
            .init(name: text(row, 0), isActive: text(row, 1) == "t", retained: number(row, 2))
        }
        return server
    }

    private func pairs(_ sql: String) async throws -> [(String, Int64)] {
        try await connection.rows(sql).map { (text($0, 0), number($0, 1)) }
    }
}

/// Cells as they are told: nothing is an empty text, and no number is 0.
func text(_ row: [String?], _ place: Int) -> String { row.indices.contains(place) ? row[place] ?? "" : "" }
func number(_ row: [String?], _ place: Int) -> Int64 { Int64(text(row, place)) ?? 0 }

extension ServerLook {
    private static let main = """
        SELECT pg_catalog.current_setting('server_version'), pg_catalog.pg_is_in_recovery(),
            (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
            pg_catalog.current_setting('max_connections'),
            pg_catalog.current_setting('superuser_reserved_connections')::int
                + coalesce(pg_catalog.current_setting('reserved_connections', true), '0')::int,
            (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database),
            pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE'),
            extract(epoch FROM pg_catalog.clock_timestamp())::bigint,
            (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'hba_file')
        """

    private static let sizes = """
        SELECT datname, CASE WHEN pg_catalog.has_database_privilege(oid, 'CONNECT') THEN pg_catalog.pg_database_size(oid) ELSE 0 END
        FROM pg_catalog.pg_database WHERE NOT datistemplate ORDER BY 2 DESC
        """

    private static let checksums =
        "SELECT coalesce(datname, 'shared catalogs'), checksum_failures FROM pg_catalog.pg_stat_database WHERE checksum_failures > 0"

    private static let age = "SELECT datname, pg_catalog.age(datfrozenxid) FROM pg_catalog.pg_database ORDER BY 2 DESC LIMIT 1"

    /// A dump of ours, or of pg_dump, is long by its nature.
    private static let transactions = """
        SELECT pid, usename, application_name, extract(epoch FROM pg_catalog.clock_timestamp() - xact_start)::bigint
        FROM pg_catalog.pg_stat_activity
        WHERE backend_type = 'client backend' AND xact_start < pg_catalog.clock_timestamp() - interval '1 hour'
            AND application_name !~ '^(call-center|pg_dump)'
        ORDER BY xact_start LIMIT 10
        """

    private static let slots = """
        SELECT slot_name, active, pg_catalog.pg_wal_lsn_diff(CASE WHEN pg_catalog.pg_is_in_recovery()
            THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn)::bigint
        FROM pg_catalog.pg_replication_slots WHERE restart_lsn IS NOT NULL
        """

    private static let archiver = """
        SELECT last_failed_wal, last_failed_time, failed_count
        FROM pg_catalog.pg_stat_archiver
        WHERE pg_catalog.current_setting('archive_mode') <> 'off' AND last_failed_time IS NOT NULL
            AND (last_archived_time IS NULL OR last_failed_time > last_archived_time)
        """
}
