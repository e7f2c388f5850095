import DumpFormat
import DumpSamples
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
