import Testing

@testable import Postgres

@Suite struct PortableScriptTests {
    private func filtered(_ text: [UInt8], step: Int = 4096, announcing announcement: String = "") throws -> [UInt8] {
        var filter = PortableScript(announcing: announcement)
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

    @Test(arguments: ScriptFixture.releases, [1, 4096])
    func `an announcement stands once, behind the encoding`(release: Int, step: Int) throws {
        let text = try ScriptFixture.text(release, "pre-data")
        let kept = String(decoding: try filtered(text, step: step, announcing: "SET lc_monetary = 'C';"), as: UTF8.self)
        #expect(kept.contains("SET client_encoding = 'UTF8';\nSET lc_monetary = 'C';\n") && kept.components("lc_monetary") == 1)
        #expect(kept.replacing("SET lc_monetary = 'C';\n", with: "") == String(decoding: try filtered(text), as: UTF8.self))
    }

    @Test func `text without them passes unchanged`() throws {
        let text = Array("SELECT 1;\n\\connect x\nCOPY t FROM stdin;\n\\restrict x\n\\.\n".utf8)
        #expect(try filtered(text) == text)
    }
}

extension String {
    fileprivate func components(_ needle: String) -> Int { ranges(of: needle).count }
}
