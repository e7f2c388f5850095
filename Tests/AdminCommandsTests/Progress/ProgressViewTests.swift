import BackupModel
import Testing

@testable import AdminCommands

@Suite("Progress on a console")
struct ProgressViewTests {
    private let context = RunContext(now: { Instant(secondsSinceEpoch: 1_771_034_400) })

    @Test("Without a terminal there is a line at each beginning and end, with the runbook's words and the time in UTC")
    func lines() async throws {
        let recorder = Recorder()
        let answer = try await ProgressView.showing(Session(context: context, console: recorder.console)) { sink in
            sink(.began(phase: "dump", totalBytes: 2_500_000_000, totalItems: 12))
            sink(.advanced(bytes: 2_500_000_000, rows: 9_000_000, items: 12, item: "public.calls"))
            sink(.warning("the server is a standby"))
            sink(.ended(phase: "dump"))
            return 42
        }
        #expect(answer == 42)
        #expect(
            recorder.lines == [
                "! 2026-02-14 02:00:00Z progress: dump, about 2.50 GB in 12 objects begins",
                "! 2026-02-14 02:00:00Z warning: the server is a standby",
                "! 2026-02-14 02:00:00Z complete: dump, 2.50 GB, 9,000,000 rows in 0.00 s",
            ]
        )
    }

    @Test("An error passes through")
    func failure() async {
        let recorder = Recorder()
        await #expect(throws: BackupError.self) {
            try await ProgressView.showing(Session(context: context, console: recorder.console)) { _ in throw BackupError(.failed, "x") }
        }
        #expect(recorder.lines.isEmpty)
    }
}
