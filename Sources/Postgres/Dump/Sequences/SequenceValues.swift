import BackupModel

/// Reads what the sequences of a database stand at.
///
/// No snapshot holds for sequences: what `nextval` does is seen by all at once and never undone. So pg_dump, too, reads each from its own row, as it
/// is at the moment, sometime after the snapshot was taken; what is read here is as good as what it would have read.
enum SequenceValues {
    /// By the names the snapshot has for them, qualified and in double quotes, in the database's encoding.
    /// - Parameter snapshot: an exported one.
    /// - Throws: what the server refuses; `.failed` where another one has the name of a sequence now.
    static func read(in snapshot: String, of request: DumpRequest) async throws -> [[UInt8]: SequenceValue] {
        try await PostgresConnection.with(
            request.target, applicationName: "call-center-backup sequences", stallLimit: request.stallLimit
        ) { connection in
            try await connection.pinSettingsForCatalogs()
            try await connection.execute("SET lock_timeout = \(request.lockTimeout.milliseconds)")
            try await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try await connection.execute("SET TRANSACTION SNAPSHOT \(SQL.literal(snapshot))")
            return try await read(try await connection.byteRows(names), over: connection)
        }
    }

    /// The rules of what counts are pg_dump's: sequences outside of the system's schemas that no extension owns, and of those that are not logged only
    /// the primary has values.
    private static let names = """
        SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND NOT (c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery())
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.oid
        """

    /// In batches, as one statement for each would be one round trip for each; with their locks given back, as a server has room for so many only.
    private static func read(_ rows: [[[UInt8]?]], over connection: PostgresConnection) async throws -> [[UInt8]: SequenceValue] {
        var values: [[UInt8]: SequenceValue] = [:]
        try await connection.execute("SAVEPOINT sequences")
        for start in stride(from: 0, to: rows.count, by: 500) {
            let batch = rows[start..<min(start + 500, rows.count)].compactMap(Named.init)
            let found = try await connection.values(of: batch)
            try await connection.execute("ROLLBACK TO SAVEPOINT sequences")
            for sequence in batch { values[sequence.name] = found[sequence.oid] }
        }
        guard values.count == rows.count else {
            throw BackupError(.failed, "a sequence of \(connection.target) was dropped or renamed since the snapshot was taken")
        }
        return values
    }

    fileprivate struct Named {
        /// As the server writes it.
        let oid: [UInt8]
        let name: [UInt8]

        init?(_ row: [[UInt8]?]) {
            guard let oid = row[0], let schema = row[1], let name = row[2] else { return nil }
            self.oid = oid
            self.name = SQL.qualified(schema, name)
        }
    }
}

extension PostgresConnection {
    /// By the OIDs of those that have the names now.
    fileprivate func values(of sequences: [SequenceValues.Named]) throws -> [[UInt8]: SequenceValue] {
        let questions = sequences.map { Array("SELECT tableoid, last_value, is_called FROM ".utf8) + $0.name }
        try send(Array(questions.joined(separator: Array("\nUNION ALL ".utf8))))
        var values: [[UInt8]: SequenceValue] = [:]
        try forEachResult(limit: stallLimit, doing: "reading sequences") { result in
            for row in result.rows {
                guard let oid = row[0] else { continue }
                values[oid] = SequenceValue(row[1], isCalled: row[2])
            }
        }
        return values
    }
}

extension SequenceValue {
    fileprivate init?(_ last: [UInt8]?, isCalled: [UInt8]?) {
        guard let last = last.flatMap({ Int64(String(decoding: $0, as: UTF8.self)) }), let isCalled else { return nil }
        self.init(last: last, isCalled: isCalled == Array("t".utf8))
    }
}
