/// Somebody who is connected to a database.
struct DatabaseSession: Sendable, Equatable, CustomStringConvertible {
    var pid: Int
    var user: String
    var application: String
    var client: String
    var state: String

    var description: String {
        let who = application.isEmpty ? user : "\(user) (\(application))"
        return "\(who) from \(client), pid \(pid), \(state)"
    }

    static func all(on database: String, over connection: PostgresConnection) async throws -> [DatabaseSession] {
        let rows = try await connection.rows(
            """
            SELECT pid, coalesce(usename, ''), coalesce(application_name, ''), coalesce(client_addr::pg_catalog.text, 'the server itself'),
                coalesce(state, backend_type, 'unknown state')
            FROM pg_catalog.pg_stat_activity
            WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid() AND backend_type NOT LIKE 'autovacuum%'
            UNION ALL
            SELECT 0, owner, 'a prepared transaction ' || gid, 'nowhere', 'waiting for COMMIT PREPARED'
            FROM pg_catalog.pg_prepared_xacts WHERE database = $1 ORDER BY 1
            """, [database])
        return rows.map { row in
            DatabaseSession(
                pid: row[0].flatMap { Int($0) } ?? 0, user: row[1] ?? "", application: row[2] ?? "", client: row[3] ?? "",
                state: row[4] ?? "")
        }
    }
}
