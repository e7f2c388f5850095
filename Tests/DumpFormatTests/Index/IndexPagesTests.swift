import Testing

@testable import DumpFormat

struct IndexPagesTests {
    @Test(arguments: Container.allCases, [1, 64_999, 65_000, 65_001, 200_000])
    func cutsDocumentsIntoPages(container: Container, count: Int) throws {
        let document = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let pages = IndexPages.pages(of: document, container: container)
        let pageCount = (count + 64_999) / 65_000
        #expect(pages.count == count + pageCount * (container.emptyMemberBytes(contentBytes: 0)))
        #expect(try IndexPages.document(in: pages, container: container) == document)
        #expect(try text(of: pages, container).isEmpty)
        #expect(throws: DumpFormatError.self) { try IndexPages.document(in: Array(pages.dropLast()), container: container) }
    }

    @Test
    func refusesALengthThatDeflateCannotReach() throws {
        let document = try IndexPages.compress([UInt8](repeating: 0x20, count: 1_000))
        #expect(try IndexPages.expand(document, jsonBytes: 1_000).count == 1_000)
        for wrong in [999, 1_001, 1 << 30, .max] {
            #expect(throws: DumpFormatError.self) { try IndexPages.expand(document, jsonBytes: wrong) }
        }
    }
}
