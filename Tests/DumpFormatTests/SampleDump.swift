import Foundation

@testable import DumpFormat

/// A dump made in memory: tables of rows in segments between script parts.
struct SampleDump {
    var container: Container
    var memberBytes = 300
    /// Rows of each segment, with newlines, by table.
    var tables: [(name: String, segments: [[String]])]
    var preData = "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.a (x text);\n"
    var data = "SELECT pg_catalog.setval('public.s', 7, true);\n"
    var postData = "CREATE INDEX i ON public.a (x);\n"

    /// Two tables of three segments each: a few kilobytes in all.
    static func small(_ container: Container) -> Self {
        func rows(_ seed: Int, _ count: Int) -> [String] { (0..<count).map { "\($0 + seed)\tvalue \($0 * seed % 97)\t\\N\n" } }
        return Self(
            container: container,
            tables: [
                ("calls", [rows(1, 40), rows(100, 25), rows(900, 31)]),
                ("agents", [rows(7, 12), [], rows(17, 3)]),
            ]
        )
    }

    struct Written {
        var bytes: [UInt8]
        var index: DumpIndex
        /// What decompression must print.
        var script: String
    }

    func write() throws -> Written {
        var file = File(writer: DumpWriter(container: container), index: .sample)
        try file.add(.preData, preData)
        for (name, segments) in tables { try file.add(table: name, segments: segments, memberBytes: memberBytes) }
        try file.add(.data, data)
        try file.add(.postData, postData)
        file.bytes += try file.writer.finish(file.index)
        return Written(bytes: file.bytes, index: file.index, script: file.script)
    }
}

extension SampleDump {
    fileprivate struct File {
        var writer: DumpWriter
        var index: DumpIndex
        var bytes: [UInt8] = []
        var script = ""

        mutating func add(_ kind: DumpIndex.ScriptPart.Kind, _ text: String) throws {
            var encoder = ScriptEncoder(container: writer.container)
            bytes += writer.begin(aligned: false)
            var members = try encoder.append(Array(text.utf8))
            let end = try encoder.finish()
            members += end.members
            write(members)
            index.scripts.append(try writer.scriptPart(kind, summary: end.summary, entries: []))
            script += text
        }

        mutating func add(table name: String, segments: [[String]], memberBytes: Int) throws {
            var table = DumpIndex.Table(schema: "public", name: name, columns: ["x", "y", "z"], relfilenode: 16_384, step: 100)
            for (number, rows) in segments.enumerated() {
                var encoder = SegmentEncoder(
                    container: writer.container, copyStatement: "COPY \"public\".\"\(name)\" (\"x\", \"y\", \"z\") FROM stdin;",
                    memberBytes: memberBytes
                )
                bytes += writer.begin(aligned: segments.count > 1)
                var members: [[UInt8]] = []
                for row in rows { members += try Array(row.utf8).withUnsafeBytes { try encoder.append(row: $0) } }
                let end = try encoder.finish()
                members += end.members
                write(members)
                let hi = number == segments.count - 1 ? nil : Int64(number + 1) * 100
                let segment = try writer.segment(lo: Int64(number) * 100, hi: hi, summary: end.summary)
                table.add(segment, rowBytes: end.summary.rowBytes)
            }
            index.tables.append(table)
        }

        private mutating func write(_ members: [[UInt8]]) {
            for member in members {
                bytes += member
                writer.advance(by: member.count)
            }
        }
    }
}

extension DumpIndex {
    static let sample = DumpIndex(
        tool: "test 1",
        source: Source(
            systemIdentifier: "7000000000000000001", serverVersion: "17.2", serverVersionNumber: 170_002, database: "call_center",
            encoding: "UTF8", collation: "C", characterType: "C", localeProvider: "c", snapshot: "00000003-1", lsn: "0/1",
            startedAt:
                "2026-02-14T02:00:00Z", finishedAt: "2026-02-14T02:00:01Z", isStandby: false
        )
    )
}

extension DumpReader {
    /// Reads a dump that is in memory.
    init(bytes: [UInt8]) async throws {
        try await self.init(byteCount: Int64(bytes.count)) { offset, count in
            guard offset >= 0, count >= 0, offset + Int64(count) <= Int64(bytes.count) else { throw OutOfRange() }
            return Array(bytes[Int(offset)...].prefix(count))
        }
    }

    struct OutOfRange: Error {}
}
