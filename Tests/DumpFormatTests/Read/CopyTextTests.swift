import Testing

@testable import DumpFormat

struct CopyTextTests {
    private func parts(_ text: String) throws -> [String] {
        try Array(text.utf8).withUnsafeBytes { bytes in
            let copy = try CopyText(bytes)
            var parts = [String(decoding: bytes[copy.statement], as: UTF8.self)]
            CopyText.forEachRow(in: UnsafeRawBufferPointer(rebasing: bytes[copy.rows])) {
                parts.append(String(decoding: $0, as: UTF8.self))
            }
            return parts
        }
    }

    @Test
    func takesAMemberApart() throws {
        #expect(try parts("COPY t (a) FROM stdin;\n1\n\\\\.\n\\.\n\n") == ["COPY t (a) FROM stdin;", "1", "\\\\."])
        #expect(try parts("COPY t  FROM stdin;\n\n\n\\.\n\n") == ["COPY t  FROM stdin;", "", ""])
    }

    @Test
    func knowsNamesThatHoldTheStatementsOwnSigns() throws {
        let statement = "COPY \"a;\nb\"\"\".\"FROM stdin;\n\" (\"x;\n\") FROM stdin;"
        #expect(try parts(statement + "\nrow;\n\\.\n\n") == [statement, "row;"])
    }

    @Test(arguments: [
        "", "COPY", "COPY t FROM stdin;", "COPY t FROM stdin;\n\\.\n\n", "COPY t FROM stdin;\n1\n\\.\n", "COPY t FROM stdin; 1\n\\.\n\n",
        "SELECT 1;\n1\n\\.\n\n", "COPY \"t FROM stdin;\n1\n\\.\n\n", "COPY t FROM stdin;\n1\\.\n\n",
    ])
    func refusesWhatIsNoWholeStatement(text: String) {
        #expect(throws: DumpFormatError(.copyStatementMalformed)) { try parts(text) }
    }
}
