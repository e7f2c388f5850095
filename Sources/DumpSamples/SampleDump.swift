package import DumpFormat

/// A dump made in memory for tests: tables of rows in segments between script parts.
package struct SampleDump: Sendable {
    package var container: Container
    /// Small, so that a few rows make several members.
    package var memberBytes = 300
    package var tables: [Table]
    package var preData = "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.calls (x int, y text, z text);\n"
    package var data = "SELECT pg_catalog.setval('public.s', 7, true);\n"
    package var postData = "CREATE INDEX i ON public.calls (x);\n--\n-- PostgreSQL database dump complete\n--\n\n"

    /// Recorded in the index instead of the true one, for an index that lies.
    package var claimedRowsDigest: RowsDigest?

    package struct Table: Sendable {
        package var name: String
        /// The rows of each segment, with their newlines.
        package var segments: [[String]]
        package var isAligned: Bool

        package init(name: String, segments: [[String]], isAligned: Bool = true) {
            self.name = name
            self.segments = segments
            self.isAligned = isAligned
        }
    }

    package init(container: Container, tables: [Table]) {
        self.container = container
        self.tables = tables
    }

    /// Two tables of three segments each, one of them empty; the first table is aligned.
    package static func small(_ container: Container) -> Self {
        let calls = Table(name: "calls", segments: [rows(1, 40), rows(100, 25), rows(900, 31)])
        let agents = Table(name: "agents", segments: [rows(7, 12), [], rows(17, 3)], isAligned: false)
        return Self(container: container, tables: [calls, agents])
    }

    /// The same shape in as few bytes as possible, for tests that damage every one of them.
    package static func tiny(_ container: Container) -> Self {
        let calls = Table(name: "calls", segments: [rows(1, 3), rows(100, 1), rows(900, 2)], isAligned: false)
        let agents = Table(name: "agents", segments: [rows(7, 1), [], rows(17, 2)], isAligned: false)
        var sample = Self(container: container, tables: [calls, agents])
        sample.memberBytes = 100
        sample.preData = "CREATE TABLE calls ();\n"
        return sample
    }

    /// `count` rows that differ from those of any other seed.
    package static func rows(_ seed: Int, _ count: Int) -> [String] {
        (0..<count).map { "\($0 + seed)\tvalue \($0 * seed % 97)\t\\N\n" }
    }

    package struct Written: Sendable {
        package var bytes: [UInt8]
        package var index: DumpIndex
        /// What decompression has to print.
        package var script: String
        /// Where the index pages begin.
        package var indexOffset: Int
    }

    package func write() throws -> Written {
        var file = SampleFile(container: container, claimedRowsDigest: claimedRowsDigest)
        try file.add(.preData, preData)
        for table in tables { try file.add(table, memberBytes: memberBytes) }
        try file.add(.data, data)
        try file.add(.postData, postData)
        return try file.finish()
    }
}
