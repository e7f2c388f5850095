import DumpFormat
import DumpSamples
import Synchronization
import Testing

struct DumpReaderTests {
    @Test(arguments: Container.allCases)
    func givesBackWhatWasWritten(container: Container) async throws {
        let sample = SampleDump.small(container)
        let written = try sample.write()
        let reader = try await DumpReader(bytes: written.bytes)
        #expect(reader.index == written.index)
        #expect(reader.container == container)
        for (table, expected) in zip(reader.index.tables, sample.tables) {
            for (number, segment) in table.segments.enumerated() {
                let rows = try await Self.rows(of: reader.cursor(over: segment, number: number, of: table))
                #expect(rows == expected.segments[number])
            }
        }
        for (part, text) in zip(reader.index.scripts, [sample.preData, sample.data, sample.postData]) {
            let script = try await reader.text(of: part)
            #expect(String(decoding: script, as: UTF8.self) == text)
        }
    }

    /// Backslashes, end markers, empty lines, rows without columns, rows longer than a member, bytes of no encoding.
    @Test(arguments: Container.allCases, 0..<20)
    func givesBackAnyRows(container: Container, seed: UInt64) async throws {
        var numbers = SeededNumbers(seed: seed)
        let alphabet: [[UInt8]] = [
            [0x5c, 0x5c], [0x5c, 0x6e], [0x2e], [0x09], [0x3b], [0x22], [0x00], [0xff, 0xfe], Array("\\N".utf8), [0x61],
        ]
        var rows: [[UInt8]] = []
        for _ in 0..<Int.random(in: 0...300, using: &numbers) {
            var row: [UInt8] = []
            let length = Bool.random(using: &numbers) ? 0 : Int.random(in: 0...600, using: &numbers)
            for _ in 0..<length { row += alphabet.randomElement(using: &numbers) ?? [] }
            rows.append(row + [0x0a])
        }
        let (members, summary) = try segment(rows, container, memberBytes: Int.random(in: 1...2_000, using: &numbers))
        var index = try SampleDump.small(container).write().index
        var table = DumpIndex.Table(schema: "public", name: "t", columns: ["a"], relfilenode: 1)
        var writer = DumpWriter(container: container)
        _ = writer.begin(aligned: true)
        var bytes = members.flatMap { $0 }
        writer.advance(by: bytes.count)
        table.add(try writer.segment(lo: nil, hi: nil, summary: summary), rowBytes: summary.rowBytes)
        (index.tables, index.scripts) = ([table], [])
        bytes += try writer.finish(index)

        let reader = try await DumpReader(bytes: bytes)
        var digest = RowsDigest()
        var found: [[UInt8]] = []
        let cursor = reader.cursor(over: reader.index.tables[0].segments[0])
        while let member = try await cursor.next() {
            try member.text.withUnsafeBytes { text in
                CopyText.forEachRow(in: UnsafeRawBufferPointer(rebasing: text[try CopyText(text).rows])) { row in
                    found.append(Array(row) + [0x0a])
                    digest.add(row: row)
                }
            }
        }
        #expect(found == rows)
        #expect(digest == reader.index.tables[0].digest)
    }

    @Test
    func readsLittleOfALargeFileForASmallTable() async throws {
        var numbers = SeededNumbers(seed: 6)
        let calls = (0..<40).map { _ in (0..<400).map { _ in "\(UInt64.random(in: 0 ... .max, using: &numbers))\n" } }
        var sample = SampleDump(container: .gzip, tables: [.init(name: "calls", segments: calls), SampleDump.small(.gzip).tables[1]])
        sample.memberBytes = 1 << 20
        let bytes = try sample.write().bytes
        let reads = Mutex<[Int]>([])
        let file = BytesInMemory(bytes)
        let reader = try await DumpReader(byteCount: file.byteCount) { offset, count in
            reads.withLock { $0.append(count) }
            return try await file.read(at: offset, count: count)
        }
        #expect(reads.withLock { $0.count } <= 2)
        let table = reader.index.tables[1]
        for segment in table.segments { _ = try await Self.rows(of: reader.cursor(over: segment)) }
        #expect(reads.withLock { $0.reduce(0, +) } < 40_000)
        #expect(bytes.count > 150_000)
    }

    @Test(arguments: Container.allCases)
    func survivesAnything(container: Container) async throws {
        var numbers = SeededNumbers(seed: 7)
        let bytes = try SampleDump.tiny(container).write().bytes
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                damaged[Int.random(in: damaged.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            damaged.removeFirst(Int.random(in: 0...2, using: &numbers))
            await #expect(throws: DumpFormatError.self) {
                let reader = try await DumpReader(bytes: damaged)
                for part in reader.index.scripts { _ = try await reader.text(of: part) }
                for segment in reader.index.tables.flatMap(\.segments) { _ = try await Self.rows(of: reader.cursor(over: segment)) }
                // Only padding and nothing else may be what was damaged; the tiny sample has none.
            }
            let noise = (0..<Int.random(in: 0...300, using: &numbers)).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            await #expect(throws: DumpFormatError(.closingMemberMissing)) { try await DumpReader(bytes: noise) }
        }
    }

    static func rows(of cursor: MemberCursor) async throws -> [String] {
        var rows: [String] = []
        while let member = try await cursor.next() {
            try member.text.withUnsafeBytes { text in
                let copy = try CopyText(text)
                CopyText.forEachRow(in: UnsafeRawBufferPointer(rebasing: text[copy.rows])) {
                    rows.append(String(decoding: $0, as: UTF8.self) + "\n")
                }
            }
        }
        return rows
    }
}
