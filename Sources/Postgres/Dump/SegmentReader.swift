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

    /// Reads one segment; `deliver` gets its members in order, and how many rows were read since it was last called.
    /// - Parameter locking: whether it is this session's first statement about the table.
    func read(
        _ statement: SegmentStatement, locking: Bool, deliver: @Sendable (_ members: [[UInt8]], _ rows: Int64) async throws -> Void
    ) async throws -> SegmentSummary {
        do {
            return try await connection.readSegment(
                statement, (locking ? statement.lock : []) + statement.read, container: container, deliver: deliver)
        } catch let error as BackupError {
            throw Self.locating(error, in: statement.table)
        }
    }

    /// Whether a range holds the rows an earlier dump has of it, and no others.
    /// - Parameter locking: whether it is this session's first statement about the table.
    func isUnchanged(_ statement: SegmentStatement, locking: Bool, since xmin: UInt64, rows: Int64) async throws -> Bool {
        do {
            let question = ReuseQuestion(statement: statement, xmin: xmin)
            return try await connection.ask(question, after: locking ? statement.lock : [], rows: rows)
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
        _ statement: SegmentStatement, _ sql: [UInt8], container: Container,
        deliver: @Sendable (_ members: [[UInt8]], _ rows: Int64) async throws -> Void
    ) async throws -> SegmentSummary {
        var encoder = SegmentEncoder(container: container, copyStatement: statement.load)
        try beginCopyOut(sql)
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
