import BackupTestKit
import DumpFormat
import DumpSamples
import Foundation
import SystemPackage
import Testing

/// Programs that know nothing of segments print exactly the script.
struct StandardToolTests {
    private func withDump(_ container: Container, _ body: (String, String) async throws -> Void) async throws {
        var sample = SampleDump.small(container)
        sample.tables[0].segments.append([String(repeating: "é\\\\", count: 40_000) + "\n", "\\N\n"])
        let written = try sample.write()
        try await withTemporaryFolder { folder in
            let file = folder.appending("dump.\(container.fileEnding)").string
            try Data(written.bytes).write(to: URL(filePath: file))
            try await body(file, written.script)
        }
    }

    @Test(arguments: [
        ("gzip", ["-t"]), ("pigz", ["-t"]), ("igzip", ["-t"]),
    ])
    func gzipProgramsFindItWhole(program: String, arguments: [String]) async throws {
        try await withDump(.gzip) { file, _ in try await Command(program, arguments + [file]).output() }
    }

    @Test(arguments: [
        ("zcat", []), ("gzip", ["-dc"]), ("pigz", ["-dc"]), ("igzip", ["-dc"]),
        ("python3", ["-c", "import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())"]),
    ])
    func gzipProgramsPrintTheScript(program: String, arguments: [String]) async throws {
        try await withDump(.gzip) { file, script in
            let printed = try await Command(program, arguments + [file]).output()
            #expect(printed == script)
        }
    }

    @Test
    func zstdPrintsTheScript() async throws {
        try await withDump(.zstd) { file, script in
            try await Command("zstd", ["-t", file]).output()
            let printed = try await Command("zstd", ["-dc", file]).output()
            #expect(printed == script)
        }
    }

    /// The reader of docs/format.md, in a language that is not ours, reads any table out of the middle.
    @Test(arguments: Container.allCases)
    func theDocumentedReaderReadsTables(container: Container) async throws {
        let document = try String(contentsOf: Self.root.appending(path: "docs/format.md"), encoding: .utf8)
        let reader = try #require(document.components(separatedBy: "```python\n").last?.components(separatedBy: "```").first)
        try await withDump(container) { file, script in
            let tables = try await Command("python3", ["-c", reader, file]).output()
            #expect(tables.contains("public.calls rows=98 segments=4"))
            #expect(tables.contains("public.agents rows=15 segments=3"))
            let agents = try await Command("python3", ["-c", reader, file, "public.agents"]).output()
            #expect(script.contains(agents))
            #expect(agents.hasPrefix("COPY \"public\".\"agents\""))
            #expect(agents.components(separatedBy: "\n\\.\n").count == 3)
        }
    }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
