import Testing

@testable import Postgres

@Suite struct RestrictLinesTests {
    private func filtered(_ text: [UInt8], step: Int = 4096) throws -> [UInt8] {
        var filter = RestrictLines()
        var kept: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            kept += try filter.append(rest.prefix(step))
            rest = rest.dropFirst(step)
        }
        return kept + (try filter.finish())
    }

    @Test(arguments: ScriptFixture.releases, [1, 5, 4096])
    func `the random keys go, the function's text stays`(release: Int, step: Int) throws {
        let text = try ScriptFixture.text(release, "pre-data")
        let kept = String(decoding: try filtered(text, step: step), as: UTF8.self)
        #expect(kept.contains("\\restrict notakey\n"))
        #expect(kept.components("\\restrict ") == 1 && kept.components("\\unrestrict ") == 0)
        #expect(text.count - kept.utf8.count < 200)
    }

    @Test func `text without them passes unchanged`() throws {
        let text = Array("SELECT 1;\n\\connect x\nCOPY t FROM stdin;\n\\restrict x\n\\.\n".utf8)
        #expect(try filtered(text) == text)
    }
}

extension String {
    fileprivate func components(_ needle: String) -> Int { ranges(of: needle).count }
}
