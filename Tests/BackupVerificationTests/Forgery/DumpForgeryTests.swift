import BackupVerification
import DumpFormat
import DumpSamples
import Testing

struct DumpForgeryTests {
    /// A sample with entries in its index, as a backup has them.
    private func forgery(_ container: Container = .gzip) async throws -> DumpForgery {
        var forgery = try await DumpForgery(of: DumpReader(bytes: try SampleDump.small(container).write().bytes))
        let text = forgery.scripts[.postData] ?? []
        let first = Int64(try #require(text.firstIndex(of: 0x0a))) + 1
        forgery.index.scripts[2].entries = [
            .init(type: "INDEX", name: "i", offset: 0, length: first),
            .init(type: "COMMENT", name: "end", offset: first, length: Int64(text.count) - first),
        ]
        return forgery
    }

    @Test(arguments: Container.allCases)
    func writesTheSameTextAgain(container: Container) async throws {
        var sample = SampleDump.small(container)
        sample.memberBytes = 1 << 20
        sample.tables[1].isAligned = true
        let written = try sample.write()
        let bytes = try await DumpForgery(of: DumpReader(bytes: written.bytes)).write()
        let again = try await DumpReader(bytes: bytes)
        #expect(again.index == written.index)
        let isSame = bytes == written.bytes
        #expect(isSame)
    }

    @Test(arguments: Container.allCases)
    func cutsTablesAnew(container: Container) async throws {
        var forgery = try await forgery()
        forgery.container = container
        forgery.memberBytes = 160
        forgery.cut(rowsPerSegment: 10)
        let bytes = try forgery.write(honest: true)
        let verdict = try await verdict(on: bytes, .content)
        #expect(verdict.findings == [])
        #expect(verdict.rows == 111)
        let reader = try await DumpReader(bytes: bytes)
        #expect(reader.container == container)
        #expect(reader.index.tables.map(\.segments.count) == [10, 2])
        let original = try SampleDump.small(.gzip).write().index
        #expect(reader.index.tables.map(\.digest) == original.tables.map(\.digest))
        #expect(reader.index.tables[0].segments.dropLast().allSatisfy { $0.members > 1 })
    }

    /// Unless it is honest, the index goes on saying what the rows came to before.
    @Test
    func keepsTheDigestsOfTheTrueRows() async throws {
        var forgery = try await forgery()
        forgery.rows[0][1][3] = Array("4\tforged\t\\N\n".utf8)
        forgery.rows[1][2].removeLast()
        let bytes = try forgery.write()
        #expect(try await verdict(on: bytes, .quick).passed)
        let content = try await verdict(on: bytes, .content)
        #expect(content.findings.map(\.table) == ["public.calls", "public.agents"])
        #expect(content.findings.map(\.segment) == [1, 2])
        #expect(content.findings.first?.message.hasPrefix("digest of the rows") == true)
        #expect(content.findings.last?.message.hasPrefix("rows: ") == true)
        #expect(try await verdict(on: forgery.write(honest: true), .content).passed)
    }

    @Test
    func takesAnEntryOutOfScriptAndIndex() async throws {
        var forgery = try await forgery()
        let removed = forgery.removeEntry(.postData) { $0.type == "INDEX" }
        #expect(removed?.name == "i")
        let another = forgery.removeEntry(.postData) { $0.type == "INDEX" }
        #expect(another == nil)
        let bytes = try forgery.write()
        #expect(try await verdict(on: bytes, .content).passed)
        let reader = try await DumpReader(bytes: bytes)
        let part = try #require(reader.index.scripts.last)
        let text = String(decoding: try await reader.text(of: part), as: UTF8.self)
        #expect(text == "--\n-- PostgreSQL database dump complete\n--\n\n")
        #expect(part.entries.map(\.offset) == [0])
        #expect(part.entries.map(\.length) == [Int64(text.utf8.count)])
    }

    @Test
    func replacesTextAndMovesTheEntriesBehind() async throws {
        var forgery = try await forgery()
        let isReplaced = forgery.replaceText(in: .postData, "(x)", with: "(x, y)")
        #expect(isReplaced)
        let isThere = forgery.replaceText(in: .postData, "(x)", with: "(z)")
        #expect(!isThere)
        let reader = try await DumpReader(bytes: try forgery.write())
        let part = try #require(reader.index.scripts.last)
        let text = try await reader.text(of: part)
        let pieces = part.entries.map { String(decoding: text[Int($0.offset)..<Int($0.offset + $0.length)], as: UTF8.self) }
        #expect(pieces.first == "CREATE INDEX i ON public.calls (x, y);\n")
        #expect(pieces.last?.hasPrefix("--\n-- PostgreSQL database dump complete") == true)
    }
}
