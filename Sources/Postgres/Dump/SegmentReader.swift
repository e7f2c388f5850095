import BackupModel
import DumpFormat

/// One of the sessions that read rows: it stands in the snapshot and turns segments into members, on its connection's thread.
struct SegmentReader: Sendable {
    private let connection: PostgresConnection
    private let container: Container

    /// Runs `body` with a session that has taken the snapshot.
    static func inSnapshot(_ name: String, of request: DumpRequest, body: (SegmentReader) async throws -> Void) async throws {
        try await PostgresConnection.with(
            request.target, applicationName: "call-center-backup rows", stallLimit: request.stallLimit
        ) { connection in
            try await connection.pinSettings()
            try await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try await connection.execute("SET TRANSACTION SNAPSHOT \(SQL.literal(name))")
            try await connection.execute("SAVEPOINT table_done")
            try await body(SegmentReader(connection: connection, container: request.container))
        }
    }

    /// Takes this session's own lock and lets go of those for the table before: thousands of tables with their indexes and TOAST
    /// tables would overflow the server's lock table, and the session that holds the snapshot's locks keeps every table in shape.
    ///
    /// `NOWAIT`, as pg_dump's workers do: the table is locked already, so only somebody's queued exclusive lock can be in the way,
    /// and waiting behind it while others wait for us would never end.
    func lock(_ table: CatalogTable) async throws {
        do {
            try await connection.execute(
                Array("ROLLBACK TO SAVEPOINT table_done; LOCK TABLE ".utf8) + table.name.qualified
                    + Array(" IN ACCESS SHARE MODE NOWAIT".utf8))
        } catch let error as BackupError {
            throw Self.locating(error, in: table)
        }
    }

    /// Reads one segment; `deliver` gets its members in order, and how many rows were read since it was last called.
    func read(
        _ statement: SegmentStatement, deliver: @Sendable (_ members: [[UInt8]], _ rows: Int64) async throws -> Void
    ) async throws -> SegmentSummary {
        do {
            return try await connection.readSegment(statement, container: container, deliver: deliver)
        } catch let error as BackupError {
            throw Self.locating(error, in: statement.table)
        }
    }

    /// Whether a range holds the rows an earlier dump has of it, and no others.
    func isUnchanged(_ statement: SegmentStatement, since xmin: UInt64, rows: Int64) async throws -> Bool {
        do {
            return try await connection.ask(ReuseQuestion(statement: statement, xmin: xmin), rows: rows)
        } catch let error as BackupError {
            throw Self.locating(error, in: statement.table)
        }
    }

    private static func locating(_ error: BackupError, in table: CatalogTable) -> BackupError {
        var error = error
        error.message = "table \(table.name.text): \(error.message)"
        return error
    }
}

extension PostgresConnection {
    fileprivate func readSegment(
        _ statement: SegmentStatement, container: Container, deliver: @Sendable (_ members: [[UInt8]], _ rows: Int64) async throws -> Void
    ) async throws -> SegmentSummary {
        var encoder = SegmentEncoder(container: container, copyStatement: statement.load)
        try beginCopyOut(statement.read)
        var hasMore = true
        while hasMore {
            var members: [[UInt8]] = []
            var rows: Int64 = 0
            hasMore = try copyRows { row in
                rows += 1
                members = try encoder.append(row: row)
                return members.isEmpty
            }
            try await deliver(members, rows)
        }
        let (members, summary) = try encoder.finish()
        try await deliver(members, 0)
        return summary
    }
}
