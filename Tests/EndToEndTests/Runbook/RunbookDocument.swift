import BackupTestKit
import Testing

/// A runbook as the tests read it: headings, and what is to be typed under each.
struct RunbookDocument {
    struct Section {
        /// How many `#` it has.
        let level: Int
        let heading: String
        /// Lines of its blocks of commands, without comments; a line that ends with a backslash goes on in the next.
        var commands: [String] = []
        /// What stands between them, as one line.
        var prose = ""

        /// What a link to it ends with, as GitHub and GitLab make it of a heading.
        var anchor: String {
            String(heading.lowercased().compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : nil })
        }
    }

    private(set) var sections: [Section] = []
    /// Targets of links that are no headings: `<a id="…"></a>`.
    private(set) var marks: [String] = []

    init(_ markdown: String) {
        var isCode = false
        var begun = ""
        for line in markdown.split(separator: "\n") {
            let text = line.trimmingPrefix { $0 == " " }
            if text.hasPrefix("```") {
                isCode = text == "```bash"
            } else if isCode {
                if text.hasPrefix("#") { continue }
                begun += text
                if begun.hasSuffix("\\") { begun.removeLast() } else { add(&begun) }
            } else if let found = text.firstMatch(of: /^(#+) (.+?) *$/) {
                sections.append(Section(level: found.1.count, heading: String(found.2)))
            } else {
                if !sections.isEmpty { sections[sections.count - 1].prose += text + " " }
                marks += text.matches(of: /<a id="([^"]+)">/).map { String($0.1) }
            }
        }
    }

    private mutating func add(_ command: inout String) {
        if !command.isEmpty, !sections.isEmpty { sections[sections.count - 1].commands.append(command) }
        command = ""
    }

    var commands: [String] { sections.flatMap(\.commands) }
    var anchors: [String] { sections.map(\.anchor) + marks }

    /// The section whose heading begins so.
    func section(_ beginning: String) throws -> Section {
        try #require(sections.first { $0.heading.hasPrefix(beginning) }, "no section \(beginning)")
    }
}
