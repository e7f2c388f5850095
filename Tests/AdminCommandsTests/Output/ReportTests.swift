import BackupModel
import Foundation
import Testing

@testable import AdminCommands

@Suite("Reports")
struct ReportTests {
    private struct Answer: Report {
        var rows = 3
        func text(_ style: TextStyle) -> String { style.heading("rows: \(rows)") }
    }

    @Test("One value, two renderings")
    func renderings() throws {
        let recorder = Recorder()
        try Renderer(isJSON: false, console: recorder.console).render(Answer())
        try Renderer(isJSON: true, console: recorder.console).render(Answer())
        #expect(recorder.written == ["rows: 3\n", "{\n  \"rows\" : 3\n}\n"])
    }
}
