import DumpSamples
import Foundation
import Testing

@testable import DumpFormat

struct DumpIndexTests {
    @Test
    func isJSONWithSortedKeys() throws {
        let index = try SampleDump.small(.gzip).write().index
        let json = String(decoding: try index.json(), as: UTF8.self)
        #expect(json.hasPrefix("{\"definitionsDigest\":\"\",\"extensions\":[],\"formatVersion\":1,\"scripts\":["))
        #expect(try DumpIndex(json: Array(json.utf8)) == index)
    }

    @Test
    func namesAVersionItDoesNotKnow() {
        let json = Array("{\"formatVersion\":2,\"everything\":\"else\"}".utf8)
        #expect(throws: DumpFormatError(.unknownFormatVersion(2))) { try DumpIndex(json: json) }
    }

    /// Numbers an index claims are checked before anything is read, allocated or added up.
    @Test(arguments: 0..<12)
    func refusesImpossibleNumbers(case number: Int) throws {
        let written = try SampleDump.small(.gzip).write()
        var index = written.index
        switch number {
        case 0: index.tables[0].segments[0].offset = -4_096
        case 1: index.tables[0].segments[0].offset = .max
        case 2: index.tables[0].segments[0].compressedBytes = .max
        case 3: index.tables[0].segments[0].compressedBytes = -1
        case 4: index.tables[0].segments[0].plainBytes = .max
        case 5: index.tables[0].segments[0].members = .max
        case 6: index.tables[0].segments[0].rows = .max
        case 7: index.tables[0].rows = .max
        case 8: index.tables[1].segments[1].offset = .max
        case 9: index.tables[1].segments[1].plainBytes = 1 << 40
        case 10: index.scripts[0].entries = [.init(type: "TABLE", name: "t", offset: 5, length: .max)]
        default: index.scripts[2].offset += 1
        }
        #expect(throws: DumpFormatError.self) { try index.checkLayout(container: .gzip, end: Int64(written.indexOffset)) }
    }
}
