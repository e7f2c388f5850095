import DumpSamples
import Testing

@testable import DumpFormat

struct DumpWriterTests {
    @Test(arguments: Container.allCases)
    func alignsWhatAsksForIt(container: Container) async throws {
        let written = try SampleDump.small(container).write()
        let calls = written.index.tables[0].segments
        let agents = written.index.tables[1].segments
        #expect(calls.allSatisfy { $0.offset % 4_096 == 0 })
        #expect(agents[0].offset == calls[2].offset + calls[2].compressedBytes)
        #expect(agents[1].compressedBytes == 0)
        #expect(agents[2].offset == agents[0].offset + agents[0].compressedBytes)
    }

    @Test
    func packsSmallTables() throws {
        let tables = (0..<500).map { SampleDump.Table(name: "t\($0)", segments: [["\($0)\n"]], isAligned: false) }
        let written = try SampleDump(container: .gzip, tables: tables).write()
        #expect(written.bytes.count < 500 * 250)
    }

    @Test
    func refusesARunOfAnotherLength() throws {
        var writer = DumpWriter(container: .gzip)
        _ = writer.begin(aligned: false)
        writer.advance(by: 10)
        var summary = SegmentSummary()
        summary.compressedBytes = 11
        #expect(throws: DumpFormatError.self) { try writer.segment(lo: nil, hi: nil, summary: summary) }
    }

    @Test
    func refusesAnIndexThatLeavesBytesOut() throws {
        var sample = try SampleDump.small(.gzip).write().index
        sample.tables.removeLast()
        var writer = DumpWriter(container: .gzip)
        writer.advance(by: Int(sample.scripts[2].offset + sample.scripts[2].compressedBytes))
        #expect(throws: DumpFormatError.self) { try writer.finish(sample) }
    }
}
