import BackupModel

extension AlertMessage {
    /// One line, for subjects and summaries.
    var headline: String {
        let mark = isTest ? alert.words("[TEST] ", "[ПРОВЕРКА] ") : ""
        switch action {
        case .trigger, .update: return mark + alert.summary
        case .escalate:
            let team = alert.escalations.last?.team.name[alert.language] ?? alert.words("the next team", "следующая команда")
            return mark + alert.words("ESCALATED to \(team): ", "ПЕРЕДАНО ДАЛЬШЕ (\(team)): ") + alert.summary
        case .resolve: return mark + alert.words("RESOLVED: ", "УСТРАНЕНО: ") + alert.summary
        }
    }

    /// For people, in lines.
    var text: String {
        var lines = [headline, ""]
        if isTest { lines += [alert.words(Self.test.english, Self.test.russian), ""] }
        lines += action == .resolve ? [end] : state
        lines += [alert.words("Host: ", "Сервер: ") + alert.host, alert.words("Alert: ", "Оповещение: ") + alert.key]
        if let runbook = alert.runbook { lines.append("Runbook: \(runbook)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let test = Bilingual(
        "This is a test of the alerts. Nothing is wrong, and nobody has to do anything.",
        "Это проверка оповещений. Ничего не случилось, и делать ничего не нужно.")

    private var end: String {
        let (since, at) = (alert.since.display, at.display)
        return alert.words("Open since \(since), resolved at \(at).", "Открыто с \(since), устранено \(at).")
    }

    private var state: [String] {
        let team = "\(alert.team.name[alert.language]) (\(alert.team.rawValue))"
        return (alert.diagnosis.map(lines) ?? []) + problems + ["", alert.words("Call: ", "Звонить: ") + team]
            + alert.escalations.map { alert.words("Escalated to: ", "Передано дальше: ") + $0.text(alert.language) }
            + [alert.words("Since: ", "Началось: ") + Moments(now: at, language: alert.language).dated(alert.since)]
    }

    private var problems: [String] {
        alert.reasons.flatMap {
            ["* \($0.summary): \($0.evidence)", alert.words("  first: ", "  сначала: ") + $0.remedy, "  runbook: \($0.section)"]
        }
    }

    /// Ends with an empty line.
    private func lines(_ diagnosis: Alert.Diagnosis) -> [String] {
        [alert.words("The doctor finds: ", "Диагноз: ") + "\(diagnosis.sentence) (\(diagnosis.code))", "  \(diagnosis.advice)"]
            + (diagnosis.commands + (diagnosis.alternatives ?? []).flatMap(\.lines)).map { "    \($0)" }
            + ["  runbook: \(diagnosis.section)"]
            + diagnosis.consequences.map { alert.words("  so: ", "  следствие: ") + $0 } + [""]
    }
}

extension Alert {
    fileprivate func words(_ english: String, _ russian: String) -> String { Bilingual(english, russian)[language] }
}

extension Alert.EscalatedTeam {
    /// `Storage / Infrastructure @storage-team, 2026-02-14 09:30:00Z`.
    func text(_ language: Language) -> String { ([team.name[language]] + mentions).joined(separator: " ") + ", " + at.display }
}

extension Alert.Diagnosis {
    /// `PostgreSQL at db-1:5432 is not running: connection refused`.
    var sentence: String { ([cause] + [evidence].compactMap { $0 }).joined(separator: ": ") }
}
