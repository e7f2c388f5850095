/// The advisory lock that a backup holds in the database it is of, so that of several hosts one at a time takes a backup.
///
/// It belongs to the session: whatever ends that, ends the lock. It is one of this server and of this database alone: a standby has locks of its own
/// (PostgreSQL documentation, "Advisory Locks", and `pg_locks`, "the database in which the lock target exists").
package struct AdvisoryLock: Sendable {
    /// The first eight bytes of the SHA-256 of `call-center-backup`, as PostgreSQL's bigint.
    package static let key: Int64 = -712_914_534_328_673_496

    private let connection: PostgresConnection

    package init(over connection: PostgresConnection) {
        self.connection = connection
    }

    /// Whether it could be had; it does not wait, as who waits inside the server keeps it from tidying up what the waiting one could still see.
    package func tryTake() async throws -> Bool {
        try await connection.rows("SELECT pg_catalog.pg_try_advisory_lock($1)", ["\(Self.key)"]).first == ["t"]
    }

    /// Who has it; nil when nobody has any more.
    package func holder() async throws -> Holder? {
        let row = try await connection.rows(
            """
            SELECT l.pid, a.usename, a.application_name, a.client_addr, a.backend_start AT TIME ZONE 'UTC'
            FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                AND l.classid = (($1::bigint >> 32) & 4294967295)::oid AND l.objid = ($1::bigint & 4294967295)::oid
                AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
            LIMIT 1
            """, ["\(Self.key)"]
        ).first
        return row.flatMap(Holder.init)
    }

    /// As the server knows it; what the role may not see is nil.
    package struct Holder: Sendable, Equatable {
        package var process: String
        package var role: String?
        package var application: String?
        package var address: String?
        /// In UTC.
        package var since: String?
    }
}

extension AdvisoryLock.Holder {
    fileprivate init?(_ row: [String?]) {
        guard row.count == 5, let process = row[0] else { return nil }
        self.init(process: process, role: row[1], application: row[2], address: row[3], since: row[4].map { String($0.prefix(19)) + "Z" })
    }
}

extension AdvisoryLock.Holder: CustomStringConvertible {
    /// `call-center-backup on db1, from 10.0.0.7, as backup, since 2026-02-14 02:00:00Z, server process 4711`.
    package var description: String {
        // Who may not see others' sessions is not told since when they are, nor where from.
        let place: String? = address ?? (since == nil ? nil : "the server's own machine")
        let parts = [
            application.flatMap { $0.isEmpty ? nil : $0 } ?? "a program without a name", place.map { "from \($0)" },
            role.map { "as \($0)" }, since.map { "since \($0)" }, "server process \(process)",
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}

extension PostgresConnection {
    /// A session that stays open and idle for as long as a backup takes: no timeout of the server's may end it (PostgreSQL 14 and later).
    package func forbidIdleTimeout() async throws {
        if try serverVersion >= 140_000 { try execute("SET idle_session_timeout = 0") }
    }
}
