import BackupModel
import Foundation
import Testing

@testable import BackupReports

@Suite("Alerts in the language that is set")
struct AlertLanguageTests {
    private static let settings: [Language: AlertSettings] = {
        var russian = AlertScene.settings
        russian.language = .russian
        return [.english: AlertScene.settings, .russian: russian]
    }()

    /// What is told of a backup that failed, whose cause the doctor has found.
    private func message(_ language: Language, _ action: AlertMessage.Action = .trigger) throws -> AlertMessage {
        var facts = Scene.sourceGone.facts
        facts.examination = .postgresDown(at: Scene.now)
        let settings = try #require(Self.settings[language])
        let told = try #require(AlertDecision(facts, Health(facts), open: [], settings: settings).messages.first)
        var alert = told.alert
        if action == .escalate { alert.escalations = [.init(team: .storage, at: told.at, mentions: ["@storage-team"])] }
        return AlertMessage(action: action, alert: alert, at: told.at + .seconds(1800))
    }

    @Test("Golden: the whole text in Russian", arguments: AlertMessage.Action.allCases)
    func russian(action: AlertMessage.Action) throws {
        try expectGolden(try message(.russian, action).text, "alerts/russian-\(action.rawValue).txt")
    }

    @Test("No English is left between what programs said and what everybody knows things by", arguments: AlertMessage.Action.allCases)
    func mixed(action: AlertMessage.Action) throws {
        let english: Set = [
            "the", "is", "of", "on", "since", "call", "host", "alert", "so", "first", "ago", "resolved", "escalated", "open",
        ]
        let text = try message(.russian, action).text.lowercased()
        #expect(english.intersection(text.split { !$0.isLetter && $0 != "-" && $0 != "_" }.map(String.init)) == [])
    }

    @Test("What machines go by is the same in each, and so is the runbook's title")
    func codes() throws {
        let (english, russian) = (try message(.english).alert, try message(.russian).alert)
        #expect(english.key == russian.key && english.title == russian.title && english.team == russian.team)
        #expect(
            english.reasons.map(\.code) == russian.reasons.map(\.code) && english.reasons.map(\.remedy) == russian.reasons.map(\.remedy))
        #expect(english.diagnosis?.code == russian.diagnosis?.code && english.diagnosis?.commands == russian.diagnosis?.commands)
        #expect(russian.summary.hasPrefix("Backup Failed (PostgreSQL): последняя резервная копия PostgreSQL не удалась, "))
    }

    @Test("PagerDuty and the webhook are told in it")
    func channels() async throws {
        let event = String(decoding: try PagerDutyEvent(try message(.russian), routingKey: Secret("key")).encoded(), as: UTF8.self)
        #expect(event.contains(#""cause":"PostgreSQL на db-1:5432 не запущен: connection refused""#))
        #expect(event.contains(#""advice":"Запустите его, дождитесь ответа.""#) && event.contains("администратор баз данных"))
        let hook = String(decoding: try ReportJSON.bytes(WebhookBody(try message(.russian))), as: UTF8.self)
        #expect(hook.contains(#""language":"ru""#) && hook.contains(#""title":"Backup Failed""#))
    }

    @Test("An alert that is open when the language changes is not told again")
    func changed() throws {
        var facts = Scene.sourceGone.facts
        let english = AlertDecision(facts, Health(facts), open: [], settings: AlertScene.settings)
        facts.now = facts.now + .seconds(60)
        let russian = AlertDecision(facts, Health(facts), open: english.open, settings: try #require(Self.settings[.russian]))
        #expect(english.messages.count == 1 && russian.messages.isEmpty)
    }
}
