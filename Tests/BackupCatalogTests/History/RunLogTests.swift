import BackupCatalog
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@Suite("The log of a run")
struct RunLogTests {
    private let run = HistoryScene.open("20260214T020000Z-00000001")
    private let now = HistoryScene.now

    private func withLogs(_ body: (RunLogs) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in try await body(RunLogs(stateFolder: folder.string + "/state")) }
    }

    @Test("is read while it is written, line by line, from its beginning")
    func followed() async throws {
        try await withLogs { logs in
            let scope = RunScope(postgres: "host/db", databases: ["db"], redis: nil, stores: ["/b"], format: "sql.gz", verification: "none")
            let log = try RunLog(of: run, scope: scope, in: logs)
            var tail = logs.tail(run.id)
            #expect(try tail.next() == [RunLogEntry(at: run.startedAt, .opened(run, scope))])
            #expect(try tail.next() == [])
            let events: [RunLogEntry.Event] = [
                .progress(.began(phase: "dump", totalBytes: 10, totalItems: nil)),
                .progress(.advanced(bytes: 1, rows: 2, items: 3, item: "public.\"odd\nname\"")), .progress(.warning("w")),
                .progress(.note("n")),
                .progress(.ended(phase: "dump")), .error(RunFailure(code: .stalled, message: "m", hint: "H.")), .closed(run),
            ]
            let lines = events.map { RunLogEntry(at: now, $0) }
            for line in lines { try log.write(line) }
            #expect(try tail.next() == lines)
            var other = logs.tail(run.id)
            #expect(try other.next().count == 8)
            let mode = try await Command("stat", ["-c", "%a", logs.path(run.id)]).output()
            #expect(mode == "600\n")
        }
    }

    @Test("A line that is not finished yet is waited for; what is no line of ours is passed over")
    func torn() async throws {
        try await withLogs { logs in
            let log = try RunLog(of: run, in: logs)
            var tail = logs.tail(run.id)
            _ = try tail.next()
            try await append("garbage\\n{\"at\":\"2026-02-14T02:00:00.000Z\",\"event\":\"warn", to: logs)
            #expect(try tail.next() == [])
            try await append(
                "ing\",\"message\":\"w\"}\\n{\"at\":\"2026-02-14T02:00:00.000Z\",\"event\":\"of a later version\"}\\n", to: logs)
            #expect(try tail.next() == [RunLogEntry(at: now, .progress(.warning("w")))])
            try log.write(RunLogEntry(at: now, .closed(run)))
            #expect(try tail.next().count == 1)
        }
    }

    private func append(_ text: String, to logs: RunLogs) async throws {
        try await Command("bash", ["-c", "printf '\(text)' >> '\(logs.path(run.id))'"]).output()
    }

    @Test("is held as long as its run lives, and not longer")
    func held() async throws {
        try await withLogs { logs in
            #expect(logs.holding(run.id) == .absent)
            var log: RunLog? = try RunLog(of: run, in: logs)
            #expect(logs.holding(run.id) == .held)
            #expect(logs.holding(run.id) == .held)
            try log?.write(RunLogEntry(at: now, .closed(run)))
            log = nil
            #expect(logs.holding(run.id) == .free)
        }
    }

    @Test("is deleted when it is old, with what never became one; other files are not touched")
    func retired() async throws {
        try await withLogs { logs in
            _ = try RunLog(of: run, in: logs)
            let new = HistoryScene.open("20260301T020000Z-00000001")
            _ = try RunLog(of: new, in: logs)
            let strays = "touch .20260101T000000Z-00000002.jsonl 20260101T000000Z-00000003.jsonl notes.txt"
            try await Command("bash", ["-c", "cd '\(logs.folder)' && \(strays)"]).output()
            try logs.retire(before: now + .seconds(86_400))
            let left = try await Command("ls", ["-A", logs.folder]).output()
            #expect(left == "20260301T020000Z-00000001.jsonl\nnotes.txt\n")
        }
    }

    @Test("No id leads out of the folder", arguments: ["../history", "/etc/passwd", "..", "a/../../b"])
    func inside(id: String) {
        let logs = RunLogs(stateFolder: "/state")
        #expect(logs.path(id).hasPrefix("/state/logs/"))
        #expect(logs.path(id).dropFirst("/state/logs/".count).contains(/^[a-z]*\.jsonl$/))
    }

    @Test("A folder that cannot be written is named")
    func unwritable() {
        let error = #expect(throws: BackupError.self) { try RunLog(of: run, in: RunLogs(stateFolder: "/proc/nowhere")) }
        #expect(error?.message.contains("/proc/nowhere/logs") == true)
    }
}
