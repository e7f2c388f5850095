import DumpFormat

/// Looks whether every foreign key of a backup's script is in force in the database restored from it, and every index fit for use.
package struct ForeignKeyCheck: Sendable {
    private let source: ProofSource

    package init(_ source: ProofSource) {
        self.source = source
    }

    package struct Outcome: Sendable, Equatable {
        package var differences: [ProofDifference]
        package var foreignKeys: Int
        package var indexes: Int
    }

    private struct ForeignKey: Hashable {
        let table: QualifiedName
        let name: String
    }

    /// - Throws: `BackupError` when the file or the database cannot be read.
    package func run() async throws -> Outcome {
        var expected: [ForeignKey: Bool] = [:]
        try await source.readFile(.postData) { piece in
            guard piece.kind == .statement, let (key, isValid) = Self.foreignKey(in: piece.bytes) else { return }
            expected[key] = isValid
        }
        let wanted = expected
        let encoding = source.reader.index.source.encoding
        return try await PostgresConnection.with(source.request.target, applicationName: "call-center-backup proof") { connection in
            // Names are compared in the script's own encoding, as bytes.
            try await connection.execute("SET client_encoding = \(SQL.literal(encoding))")
            let found = try await Self.foreignKeys(over: connection)
            let indexes = try await Self.indexes(over: connection)
            return Outcome(
                differences: Self.differences(wanted, found) + indexes.filter { !$0.isValid }.map { Self.invalid("index \($0.name)") },
                foreignKeys: wanted.count, indexes: indexes.count)
        }
    }

    private static func differences(_ expected: [ForeignKey: Bool], _ found: [ForeignKey: Bool]) -> [ProofDifference] {
        let keys = expected.sorted { ($0.key.table.description, $0.key.name) < ($1.key.table.description, $1.key.name) }
        return keys.compactMap { key, mustBeValid in
            let subject = "foreign key \(key.name) of \(key.table)"
            guard let isValid = found[key] else { return .missing(subject) }
            return mustBeValid && !isValid ? invalid(subject) : nil
        }
    }

    private static func invalid(_ subject: String) -> ProofDifference {
        ProofDifference(subject: subject, expected: "valid", found: "not valid")
    }

    /// The foreign key a statement adds, and whether it is to be valid.
    private static func foreignKey(in text: [UInt8]) -> (ForeignKey, isValid: Bool)? {
        let subject = StatementSubject(of: text)
        guard subject.kind == .addForeignKey, let table = subject.table else { return nil }
        var reader = TokenReader(SQLTokens(text))
        guard reader.skip(through: "constraint"), let name = reader.name() else { return nil }
        var isValid = true
        while reader.skip(through: "not") {
            if reader.isAt("valid") || reader.isAt("enforced") { isValid = false }
        }
        return (ForeignKey(table: table, name: name), isValid)
    }

    private static func foreignKeys(over connection: PostgresConnection) async throws -> [ForeignKey: Bool] {
        let rows = try await connection.byteRows(
            """
            SELECT n.nspname, c.relname, k.conname, k.convalidated FROM pg_catalog.pg_constraint k
                JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE k.contype = 'f'
            """)
        let keys = rows.map { row in
            (ForeignKey(table: QualifiedName(schema: text(row[0]), name: text(row[1])), name: text(row[2])), text(row[3]) == "t")
        }
        return Dictionary(keys) { first, _ in first }
    }

    /// Indexes that hold something: that of a partitioned table is valid only when every partition has its part in it.
    private static func indexes(over connection: PostgresConnection) async throws -> [(name: QualifiedName, isValid: Bool)] {
        let rows = try await connection.byteRows(
            """
            SELECT n.nspname, c.relname, i.indisvalid AND i.indisready FROM pg_catalog.pg_index i
                JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'i' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2
            """)
        return rows.map { (QualifiedName(schema: text($0[0]), name: text($0[1])), text($0[2]) == "t") }
    }

    private static func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }
}
