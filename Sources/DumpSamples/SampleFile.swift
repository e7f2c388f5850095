import DumpFormat

/// Writes a dump into memory as a backup writes it into a file.
struct SampleFile {
    private var writer: DumpWriter
    private var index = DumpIndex.sample
    private var bytes: [UInt8] = []
    private var script = ""
    private let claimedRowsDigest: RowsDigest?

    init(container: Container, claimedRowsDigest: RowsDigest?) {
        self.claimedRowsDigest = claimedRowsDigest
        writer = DumpWriter(container: container)
    }

    mutating func add(_ kind: DumpIndex.ScriptPart.Kind, _ text: String) throws {
        var encoder = ScriptEncoder(container: writer.container)
        bytes += writer.begin(aligned: false)
        write(try encoder.append(Array(text.utf8)))
        let end = try encoder.finish()
        write(end.members)
        index.scripts.append(try writer.scriptPart(kind, summary: end.summary, entries: []))
        script += text
    }

    mutating func add(_ sample: SampleDump.Table, memberBytes: Int) throws {
        var table = DumpIndex.Table(
            schema: "public", name: sample.name, columns: ["x", "y", "z"], relfilenode: 16_384, step: 100)
        for (number, rows) in sample.segments.enumerated() {
            bytes += writer.begin(aligned: sample.isAligned)
            var summary = try encode(rows, of: sample, memberBytes)
            summary.digest = claimedRowsDigest ?? summary.digest
            let hi = number == sample.segments.count - 1 ? nil : Int64(number + 1) * 100
            table.add(try writer.segment(lo: Int64(number) * 100, hi: hi, summary: summary), rowBytes: summary.rowBytes)
        }
        index.tables.append(table)
    }

    mutating func finish() throws -> SampleDump.Written {
        let indexOffset = bytes.count
        bytes += try writer.finish(index)
        return SampleDump.Written(bytes: bytes, index: index, script: script, indexOffset: indexOffset)
    }

    private mutating func encode(_ rows: [String], of table: SampleDump.Table, _ memberBytes: Int) throws -> SegmentSummary {
        let statement = "COPY \"public\".\"\(table.name)\" (\"x\", \"y\", \"z\") FROM stdin;"
        var encoder = SegmentEncoder(container: writer.container, copyStatement: statement, memberBytes: memberBytes)
        var pending = ""
        for row in rows {
            let members = try Array(row.utf8).withUnsafeBytes { try encoder.append(row: $0) }
            write(members)
            let isOwnMember = members.count == (pending.isEmpty ? 1 : 2)
            if !members.isEmpty, !pending.isEmpty { endStatement(statement, &pending) }
            pending += row
            if isOwnMember { endStatement(statement, &pending) }
        }
        let end = try encoder.finish()
        write(end.members)
        if !end.members.isEmpty { endStatement(statement, &pending) }
        return end.summary
    }

    private mutating func endStatement(_ statement: String, _ rows: inout String) {
        script += statement + "\n" + rows + "\\.\n\n"
        rows = ""
    }

    private mutating func write(_ members: [[UInt8]]) {
        for member in members {
            bytes += member
            writer.advance(by: member.count)
        }
    }
}

extension DumpIndex {
    fileprivate static let sample = DumpIndex(
        tool: "sample 1",
        source: Source(
            systemIdentifier: "7000000000000000001", serverVersion: "17.2", serverVersionNumber: 170_002, database: "call_center",
            encoding: "UTF8", collation: "C", characterType: "C", localeProvider: "c", snapshot: "00000003-1", lsn: "0/1",
            startedAt: "2026-02-14T02:00:00Z", finishedAt: "2026-02-14T02:00:01Z", isStandby: false
        )
    )
}
