import BackupModel

extension AlertMessage {
    /// One line, for subjects and summaries.
    var headline: String {
        let mark = isTest ? "[TEST] " : ""
        switch action {
        case .trigger, .update: return mark + alert.summary
        case .escalate: return "\(mark)ESCALATED to \(alert.escalations.last?.team.name.english ?? "the next team"): \(alert.summary)"
        case .resolve: return "\(mark)RESOLVED: \(alert.summary)"
        }
    }

    /// For people, in lines.
    var text: String {
        var lines = [headline, ""]
        if isTest { lines += ["This is a test of the alerts. Nothing is wrong, and nobody has to do anything.", ""] }
        if action == .resolve {
            lines.append("Open since \(alert.since.display), resolved at \(at.display).")
        } else {
            lines += (alert.diagnosis?.lines ?? []) + problems + ["", "Call: \(alert.team.name.english) (\(alert.team.rawValue))"]
            lines += alert.escalations.map { "Escalated to: \($0.text)" }
            lines += ["Since: \(alert.since.display(asOf: at))"]
        }
        lines += ["Host: \(alert.host)", "Alert: \(alert.key)"]
        if let runbook = alert.runbook { lines.append("Runbook: \(runbook)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var problems: [String] {
        alert.reasons.flatMap { ["* \($0.summary): \($0.evidence)", "  first: \($0.remedy)", "  runbook: \($0.section)"] }
    }
}

extension Alert.EscalatedTeam {
    /// `Storage / Infrastructure @storage-team, 2026-02-14 09:30:00Z`.
    var text: String { ([team.name.english] + mentions).joined(separator: " ") + ", " + at.display }
}

extension Alert.Diagnosis {
    /// `PostgreSQL at db-1:5432 is not running: connection refused`.
    var sentence: String { ([cause] + [evidence].compactMap { $0 }).joined(separator: ": ") }

    /// For people; ends with an empty line.
    fileprivate var lines: [String] {
        ["The doctor finds: \(sentence) (\(code))", "  \(advice)"] + commands.map { "    \($0)" }
            + ["  runbook: \(section)"] + consequences.map { "  so: \($0)" } + [""]
    }
}
