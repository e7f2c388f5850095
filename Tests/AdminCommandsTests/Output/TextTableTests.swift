import Testing

@testable import AdminCommands

@Suite("Tables")
struct TextTableTests {
    @Test("Columns are as wide as their widest cell, and lines end without spaces")
    func columns() {
        let table = TextTable("ID", "SIZE", rows: [["1", "12 MB"], ["20260214", ""]])
        #expect(table.text(TextStyle()) == "ID        SIZE\n1         12 MB\n20260214")
        #expect(table.text(TextStyle(), indent: "  ").hasPrefix("  ID"))
    }

    @Test("Colours are there only when asked for")
    func colours() {
        #expect(TextStyle().alarm("x") == "x")
        #expect(TextStyle(isColoured: true).alarm("x") == "\u{1B}[31mx\u{1B}[0m")
    }
}
