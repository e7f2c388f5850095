package import DumpFormat

/// A dump taken apart, changed, and put together again with every checksum and length right: what only a comparison can notice.
package struct DumpForgery: Sendable {
    package var index: DumpIndex
    package var container: Container
    /// The most text a member of several rows holds.
    package var memberBytes = 1 << 20
    /// The text of the script's parts.
    package var scripts: [DumpIndex.ScriptPart.Kind: [UInt8]] = [:]
    /// By table, segment and row; each with its newline.
    package var rows: [[[[UInt8]]]] = []
    private var statements: [[UInt8]] = []

    /// Reads all of it into memory.
    package init(of reader: DumpReader) async throws {
        index = reader.index
        container = reader.container
        for part in index.scripts { scripts[part.kind] = try await reader.text(of: part) }
        for table in index.tables {
            var segments: [[[UInt8]]] = []
            var statement: [UInt8] = []
            for (number, segment) in table.segments.enumerated() {
                let cursor = reader.cursor(over: segment, number: number, of: table)
                segments.append(try await Self.rows(of: cursor, &statement))
            }
            rows.append(segments)
            statements.append(statement)
        }
    }

    private static func rows(of cursor: MemberCursor, _ statement: inout [UInt8]) async throws -> [[UInt8]] {
        var rows: [[UInt8]] = []
        while let member = try await cursor.next() {
            try member.text.withUnsafeBytes { bytes in
                let parts = try CopyText(bytes)
                statement = Array(bytes[parts.statement])
                CopyText.forEachRow(in: UnsafeRawBufferPointer(rebasing: bytes[parts.rows])) { rows.append(Array($0) + [0x0a]) }
            }
        }
        return rows
    }

    /// Cuts every table anew into segments of so many rows, of made-up block ranges. Counts and digests are right after an honest `write`.
    package mutating func cut(rowsPerSegment: Int) {
        for table in rows.indices {
            let all = Array(rows[table].joined())
            let starts = Array(stride(from: 0, to: all.count, by: rowsPerSegment))
            rows[table] = starts.map { Array(all[$0..<min($0 + rowsPerSegment, all.count)]) }
            guard let pattern = index.tables[table].segments.first else { continue }
            index.tables[table].segments = starts.indices.map { number in
                var segment = pattern
                segment.lo = Int64(number)
                segment.hi = number + 1 < starts.count ? Int64(number + 1) : nil
                return segment
            }
        }
    }

    /// Takes a table's rows away, and the table out of the index; its definition stays.
    package mutating func removeTable(named name: String) {
        guard let table = index.tables.firstIndex(where: { $0.name == name }) else { return }
        index.tables.remove(at: table)
        rows.remove(at: table)
        statements.remove(at: table)
    }

    /// Takes an entry of the script away, and out of the index too.
    /// - Returns: the entry; nil where there is no such.
    package mutating func removeEntry(
        _ kind: DumpIndex.ScriptPart.Kind, where isWanted: (DumpIndex.ScriptEntry) -> Bool
    ) -> DumpIndex.ScriptEntry? {
        guard let part = index.scripts.firstIndex(where: { $0.kind == kind }), var text = scripts[kind],
            let place = index.scripts[part].entries.firstIndex(where: isWanted)
        else { return nil }
        let entry = index.scripts[part].entries.remove(at: place)
        text.removeSubrange(Int(entry.offset)..<Int(entry.offset + entry.length))
        for later in index.scripts[part].entries.indices where index.scripts[part].entries[later].offset > entry.offset {
            index.scripts[part].entries[later].offset -= entry.length
        }
        scripts[kind] = text
        return entry
    }

    /// Replaces the first occurrence of a text in a part of the script; the entries of the index move along.
    /// - Returns: whether there was one.
    package mutating func replaceText(in kind: DumpIndex.ScriptPart.Kind, _ old: String, with new: String) -> Bool {
        guard let part = index.scripts.firstIndex(where: { $0.kind == kind }), let text = scripts[kind],
            let place = text.firstRange(of: Array(old.utf8))
        else { return false }
        scripts[kind]?.replaceSubrange(place, with: Array(new.utf8))
        let growth = Int64(new.utf8.count - old.utf8.count)
        for number in index.scripts[part].entries.indices {
            let entry = index.scripts[part].entries[number]
            if entry.offset > Int64(place.lowerBound) {
                index.scripts[part].entries[number].offset += growth
            } else if entry.offset + entry.length > Int64(place.lowerBound) {
                index.scripts[part].entries[number].length += growth
            }
        }
        return true
    }

    /// - Parameter honest: whether the digests of rows are computed anew, too; else the index keeps those of the true rows.
    package func write(honest: Bool = false) throws -> [UInt8] {
        var file = File(writer: DumpWriter(container: container), index: index)
        file.index.scripts = []
        file.index.tables = []
        // What the dump's writer digested of its own script is one more checksum.
        if !index.definitionsDigest.isEmpty { file.index.definitionsDigest = Self.digest(of: scripts[.preData] ?? []) }
        try file.add(.preData, self)
        for table in index.tables.indices { try file.add(table, self, honest: honest) }
        try file.add(.data, self)
        try file.add(.postData, self)
        return try file.finish()
    }

    private static func digest(of text: [UInt8]) -> String {
        var digest = Checksum()
        digest.update(text)
        return digest.hex
    }

    private struct File {
        var writer: DumpWriter
        var index: DumpIndex
        var bytes: [UInt8] = []

        mutating func add(_ kind: DumpIndex.ScriptPart.Kind, _ dump: DumpForgery) throws {
            guard let text = dump.scripts[kind], let part = dump.index.scripts.first(where: { $0.kind == kind }) else { return }
            bytes += writer.begin(aligned: false)
            var encoder = ScriptEncoder(container: writer.container, memberBytes: dump.memberBytes)
            write(try encoder.append(text))
            let end = try encoder.finish()
            write(end.members)
            index.scripts.append(try writer.scriptPart(kind, summary: end.summary, entries: part.entries))
        }

        mutating func add(_ number: Int, _ dump: DumpForgery, honest: Bool) throws {
            let original = dump.index.tables[number]
            var table = DumpIndex.Table(
                schema: original.schema, name: original.name, columns: original.columns, relfilenode: original.relfilenode,
                definition: original.definition, step: original.step, includesDescendants: original.includesDescendants)
            for (segment, rows) in zip(original.segments, dump.rows[number]) {
                bytes += writer.begin(aligned: original.segments.count > 1)
                var encoder = SegmentEncoder(
                    container: writer.container, copyStatement: dump.statements[number], memberBytes: dump.memberBytes)
                for row in rows { write(try row.withUnsafeBytes { try encoder.append(row: $0) }) }
                let end = try encoder.finish()
                write(end.members)
                var summary = end.summary
                if !honest {
                    summary.digest = segment.digest
                    summary.rows = segment.rows
                }
                table.add(try writer.segment(lo: segment.lo, hi: segment.hi, summary: summary), rowBytes: summary.rowBytes)
            }
            index.tables.append(table)
        }

        mutating func finish() throws -> [UInt8] { bytes + (try writer.finish(index)) }

        private mutating func write(_ members: [[UInt8]]) {
            for member in members {
                bytes += member
                writer.advance(by: member.count)
            }
        }
    }
}
