import BackupTestKit
import Foundation
import Testing

@testable import BackupReports

@Suite("Sections of the runbook")
struct RunbookSectionTests {
    @Test("Each is a heading of both runbooks, and has the anchor that alerts link to", arguments: RunbookSection.allCases)
    func documents(section: RunbookSection) throws {
        let (english, russian) = (try Deployment.text("docs/runbook.md"), try Deployment.text("docs/runbook.ru.md"))
        #expect(english.contains("\n<a id=\"\(section.anchor)\"></a>\n\n### \(section.heading.english)\n"))
        #expect(russian.contains("\n### \(section.heading.russian)\n"))
    }

    @Test("A link leads to the section, unless the runbook's address leads somewhere already")
    func links() {
        #expect(RunbookSection.verification.anchor == "шаг-6-проверить-целостность-backupа")
        #expect(RunbookSection.restart.link(in: "https://wiki/run#top") == "https://wiki/run#top")
        let link = RunbookSection.restart.link(in: "https://wiki/run")
        #expect(link.hasPrefix("https://wiki/run#%D1%88%D0%B0%D0%B3-4-"))
        #expect(link.removingPercentEncoding == "https://wiki/run#\(RunbookSection.restart.anchor)")
    }
}
