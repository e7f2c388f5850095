import BackupModel
import Testing

@testable import AdminCommands

@Suite("Progress on a console")
struct ProgressViewTests {
    private let context = RunContext(now: { Instant(secondsSinceEpoch: 1_771_034_400) }, clock: StillClock())

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

    @Test("In between there is a line whenever it is time for one, with the word progress")
    func standing() {
        let recorder = Recorder()
        let view = ProgressView(Session(context: context, console: recorder.console))
        view.draw()
        view.take(.began(phase: "dump", totalBytes: 1000, totalItems: nil))
        view.take(.advanced(bytes: 500, rows: 3, items: 0, item: "public.calls"))
        view.draw()
        view.take(.ended(phase: "dump"))
        view.draw()
        #expect(
            recorder.lines == [
                "! 2026-02-14 02:00:00Z progress: dump, about 1.00 kB begins",
                "! 2026-02-14 02:00:00Z progress: dump 50 %, 500 B of 1.00 kB, 3 rows, public.calls",
                "! 2026-02-14 02:00:00Z complete: dump, 500 B, 3 rows in 0.00 s",
            ]
        )
    }

    @Test("On a terminal one line is redrawn, and cleared for every other")
    func redrawing() {
        let recorder = Recorder()
        var console = recorder.console
        console.errorColumns = 60
        let view = ProgressView(Session(context: context, console: console))
        view.take(.began(phase: "dump", totalBytes: 1000, totalItems: nil))
        view.take(.advanced(bytes: 500, rows: 3, items: 0, item: "public.calls"))
        view.draw()
        view.take(.ended(phase: "dump"))
        #expect(
            recorder.written == [
                "\r\u{1B}[K████░░░░ dump 50 %, 500 B of 1.00 kB, 3 rows, public.calls", "\r\u{1B}[K",
                "2026-02-14 02:00:00Z complete: dump, 500 B, 3 rows in 0.00 s\n",
            ]
        )
    }

    @Test("What happened elsewhere is told with the time it happened at, and lasted as long as it did there")
    func elsewhere() {
        let recorder = Recorder()
        let view = ProgressView(Session(context: context, console: recorder.console))
        let begin = Instant(secondsSinceEpoch: 1_771_034_100)
        view.take(.began(phase: "dump", totalBytes: 1000, totalItems: nil), at: begin)
        view.take(.advanced(bytes: 500, rows: 3, items: 0, item: nil), at: begin + .seconds(100))
        view.draw()
        view.take(.ended(phase: "dump"), at: begin + .seconds(200))
        #expect(
            recorder.lines == [
                "! 2026-02-14 01:55:00Z progress: dump, about 1.00 kB begins",
                "! 2026-02-14 02:00:00Z progress: dump 50 %, 500 B of 1.00 kB, 3 rows",
                "! 2026-02-14 01:58:20Z complete: dump, 500 B, 3 rows in 3 min 20 s",
            ]
        )
    }
}
