import BackupCatalog
import BackupModel
import BackupTestKit
import FoundationEssentials
import SystemPackage
import Testing

@testable import StatusPage

@Suite("Logs of runs, as people read them")
struct RunLogTests {
    private static let expected = [
        "note: backup x on db-backup-1", "progress: dump, about 644 MB in 14 objects",
        "progress: dump 50 %, 322 MB of 644 MB, 978,000 rows, 6 of 14 objects, 35.8 MB/s, 9 s left, public.<call_events>",
        "warning: public.<call_events> & friends grew by 40 %",
    ]

    private static func texts(_ lines: [RunLogLine]) -> [String] { lines.map { "\($0.kind.rawValue): \($0.text)" } }

    @Test("They speak as the terminal does, and end with what came of it")
    func words() {
        let texts = Self.texts(RunLogLine.lines(SampleLog.entries(of: "x"), last: 100))
        #expect(Array(texts.prefix(4)) == Self.expected)
        #expect(texts.last == "end: complete after 1 min 06 s")
    }

    @Test("A failure is told with all there is to it")
    func failure() {
        let failure = RunFailure(code: .storeFailed, message: "it broke", hint: "Mend it.", others: ["so did that"])
        let lines = RunLogLine.lines([RunLogEntry(at: Scene.now, .error(failure))], last: 10)
        #expect(Self.texts(lines) == ["error: it broke", "error: so did that", "error: Mend it."])
    }

    @Test("Only the last lines are taken, from the file of the run; one that is gone has none")
    func files() async throws {
        try await withTemporaryFolder { folder in
            let logs = RunLogs(stateFolder: folder.string)
            try FileManager.default.createDirectory(atPath: logs.folder, withIntermediateDirectories: true)
            let text = try SampleLog.entries(of: "x").map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
            try (text.joined(separator: "\n") + "\n").write(toFile: logs.path("x"), atomically: true, encoding: .utf8)
            let lines = try await logs.lines(of: "x", last: 2)
            #expect(Self.texts(lines) == ["note: stored in /backups & s3", "end: complete after 1 min 06 s"])
            let none = try await logs.lines(of: "y", last: 2)
            #expect(none.isEmpty)
        }
    }
}
