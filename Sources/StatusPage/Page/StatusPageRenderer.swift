import BackupModel
import BackupReports
import Hummingbird

/// Makes pages of facts.
struct StatusPageRenderer: Sendable {
    struct Assets: Sendable { let description = String(decoding: PackageResources.openapi_json, as: UTF8.self) }
    let assets = Assets()
    let policy = SafetyHeaders.nothing

    init(canChange: Bool, runbook: String?) throws {}

    func icon(_ facts: ServiceFacts) -> String { #"<svg xmlns="http://www.w3.org/2000/svg"/>"# }

    func status(_ facts: ServiceFacts, _ language: Language) -> Response { html(Health(facts).sentence[language], language) }

    func runs(_ facts: ServiceFacts, _ language: Language) -> Response { html("\(facts.runs.count)", language) }

    func run(_ record: RunRecord, _ lines: [RunLogLine], _ facts: ServiceFacts, _ language: Language) -> Response {
        html(record.id, language)
    }

    func problem(_ problem: Problem, _ language: Language) -> Response {
        problem.withHeaders(html(problem.detail, language, problem.status))
    }

    private func html(_ text: String, _ language: Language, _ status: HTTPResponse.Status = .ok) -> Response {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        return .html("<!doctype html><html lang=\"\(language.rawValue)\"><title>Backups</title><p>\(escaped)</p></html>", status: status)
    }
}
