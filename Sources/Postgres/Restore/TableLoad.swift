import BackupModel
import DumpFormat

/// Loads consecutive segments of one table through one COPY, and compares what it sends with the index row by row.
struct TableLoad: Sendable {
    let reader: DumpReader
    /// What of the dump is loaded.
    let index: SampledIndex
    let load: LoadPlan.Load
    let progress: ProgressSink

    private var table: DumpIndex.Table { index.index.tables[load.table] }

    func run(on connection: PostgresConnection) async throws {
        var number = load.segments.lowerBound
        do {
            var copy = RowsInFlight(table: QualifiedName(schema: table.schema, name: table.name), isFrozen: load.isFrozen)
            while number < load.segments.upperBound {
                try await send(number, in: &copy, on: connection)
                number += 1
            }
            try await connection.finishRows(of: copy)
        } catch {
            throw located(error, segment: number)
        }
    }

    private func send(_ number: Int, in copy: inout RowsInFlight, on connection: PostgresConnection) async throws {
        let segment = table.segments[number]
        guard segment.members > 0 else { return }
        let cursor = reader.cursor(over: segment, number: index.number(of: number, in: load.table), of: table)
        let before = copy.rows
        copy.digest = RowsDigest()
        while let member = try await cursor.next() {
            let rows = copy.rows
            copy = try await connection.sendRows(of: member.text, continuing: copy)
            progress(.advanced(bytes: Int64(member.text.count), rows: copy.rows - rows, items: 0, item: table.qualifiedName))
        }
        guard copy.rows - before == segment.rows, copy.digest == segment.digest else {
            let isCount = copy.rows - before != segment.rows
            let difference = DumpFormatError(
                .mismatch(
                    of: isCount ? "rows" : "digest of the rows", recorded: isCount ? "\(segment.rows)" : "\(segment.digest)",
                    found: isCount ? "\(copy.rows - before)" : "\(copy.digest)"))
            throw BackupError(.verificationFailed, "the rows in the file are not those its index records", cause: difference)
        }
    }

    private func located(_ error: any Error, segment: Int) -> any Error {
        if error is CancellationError { return error }
        let last = load.segments.upperBound - 1
        let number = index.number(of: min(segment, last), in: load.table)
        let place = segment > last ? "at the end of segment \(number)" : "at segment \(number)"
        let total = index.sample(of: load.table)?.total ?? table.segments.count
        return RestoreFailure(while: "loading \(table.qualifiedName) \(place) of \(total)", error).error
    }
}

/// A COPY that has been begun, or will be by its first member.
struct RowsInFlight: Sendable {
    let table: QualifiedName
    let isFrozen: Bool
    var statement: CopyStatement?
    var rows: Int64 = 0
    /// Of the segment being sent.
    var digest = RowsDigest()

    init(table: QualifiedName, isFrozen: Bool) {
        self.table = table
        self.isFrozen = isFrozen
    }
}

extension PostgresConnection {
    /// Pieces in which libpq is given rows: it keeps a copy of each until the kernel has taken it.
    private static let pieceBytes = 1 << 20

    /// Sends the rows of one member, having begun the COPY with the statement of the first.
    func sendRows(of text: MemberText, continuing copy: RowsInFlight) throws -> RowsInFlight {
        try text.withUnsafeBytes { bytes in
            let parts = try CopyText(bytes)
            var copy = copy
            try begin(&copy, with: Array(bytes[parts.statement]))
            let rows = UnsafeRawBufferPointer(rebasing: bytes[parts.rows])
            CopyText.forEachRow(in: rows) { row in
                copy.rows += 1
                copy.digest.add(row: row)
            }
            for start in stride(from: 0, to: rows.count, by: Self.pieceBytes) {
                try sendCopyData(UnsafeRawBufferPointer(rebasing: rows[start..<min(start + Self.pieceBytes, rows.count)]))
            }
            return copy
        }
    }

    private func begin(_ copy: inout RowsInFlight, with text: [UInt8]) throws {
        guard copy.statement?.text != text else { return }
        guard copy.statement == nil, let statement = CopyStatement(text), statement.loads(copy.table) else {
            throw BackupError(
                .verificationFailed, "a member of the file belongs to another table or has other columns",
                cause: DumpFormatError(.copyStatementMalformed))
        }
        if copy.isFrozen { try execute(Array("BEGIN; TRUNCATE ONLY ".utf8) + statement.table) }
        try beginCopyIn(copy.isFrozen ? statement.frozen : statement.text)
        copy.statement = statement
    }

    func finishRows(of copy: RowsInFlight) throws {
        guard copy.statement != nil else { return }
        // The table has no indexes and no triggers yet, so what is still under way is a few buffers of rows.
        let taken = try endCopyIn(limit: stallLimit)
        guard taken == copy.rows else {
            throw BackupError(.verificationFailed, "the server took \(taken.counted("row")) of the \(copy.rows) that were sent")
        }
        if copy.isFrozen { try execute("COMMIT") }
    }
}

extension CopyStatement {
    /// Names that are not UTF-8 read the same here and in the index, with replacement characters.
    fileprivate func loads(_ name: QualifiedName) -> Bool {
        QualifiedName(parsing: String(decoding: table, as: UTF8.self)) == name
    }
}
