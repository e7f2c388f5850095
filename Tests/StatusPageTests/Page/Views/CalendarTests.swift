import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import StatusPage

@Suite("Ninety days")
struct CalendarTests {
    private static func days(_ scene: Scene) -> [CalendarDay] { CalendarDays(facts: scene.facts).days }

    /// Counted back from today.
    private static func state(_ ago: Int, _ scene: Scene) -> CalendarDay.State { days(scene)[89 - ago].state }

    @Test("Each day says what became of it: from backups that are there, and from the history of those that are gone")
    func states() {
        #expect(Self.days(.well).count == 90)
        #expect(Self.state(0, .well) == .proved)
        #expect(Self.state(5, .well) == .stored)
        #expect(Self.state(23, .well) == .failed)
        #expect(Self.state(40, .well) == .missing)
        // Retention has removed it; its verification is remembered.
        #expect(Self.state(50, .well) == .proved)
        #expect(Self.state(43, .well) == .stored)
        #expect(Self.state(61, .well) == .failed)
    }

    @Test("A backup that failed today is a failure, one that is not there yet is none")
    func today() throws {
        #expect(Self.state(0, .failed) == .failed)
        #expect(try #require(Self.days(.failed).last?.failedRun) == "20261126T020000Z-backup-9f2c")
        var early = Scene.well.facts
        early.now = Scene.lastSlot
        early.points.removeFirst()
        early.runs.removeAll { $0.startedAt >= Scene.lastSlot }
        #expect(CalendarDays(facts: early).days.last?.state == .idle)
    }

    @Test("Days without the service are missing")
    func missing() {
        #expect((0...2).map { Self.state($0, .old) } == [.missing, .missing, .missing])
        #expect(Self.state(3, .old) == .proved)
    }

    @Test("Before the first backup nothing is missing, and with a weekly schedule six days of seven are not")
    func idle() {
        #expect(Self.days(.never).allSatisfy { $0.state == .idle })
        var weekly = Scene.well.facts
        weekly.schedule.interval = .seconds(7 * 86_400)
        weekly.points.removeAll { Int($0.id.description.prefix(8)).map { $0 % 7 != 0 } ?? true }
        weekly.runs = weekly.runs.filter { run in run.point.map { point in weekly.points.contains { $0.id == point } } ?? false }
        let states = Set(CalendarDays(facts: weekly).days.map(\.state))
        #expect(states == [.proved, .idle])
    }

    @Test("Weeks begin on Monday, every day has its place and a name, and only failures lead somewhere")
    func grid() {
        let view = CalendarView(Scene.well.facts, Speech(language: .english, now: Scene.now))
        let cells = view.rows.flatMap(\.cells)
        #expect(view.rows.count == 7)
        #expect(cells.count { $0.isDay } == 90)
        // 2026-11-26 is a Thursday.
        #expect(view.rows[3].cells.last?.label == "2026-11-26: proved")
        #expect(view.rows[4].cells.last?.isDay == false)
        #expect(cells.filter { $0.run != nil }.map(\.label).sorted() == ["2026-09-26: failed", "2026-11-03: failed"])
        #expect(view.legend.map { "\($0.words) \($0.count)" } == ["proved 83", "stored 3", "failed 2", "missing 2"])
    }
}
