import BackupModel
import BackupReports
import Crypto
import FoundationEssentials
import Hummingbird
import Mustache

/// Makes pages of facts: values become views (what is shown, in the visitor's words), and views become HTML by the templates in `Assets`.
struct StatusPageRenderer: Sendable {
    /// The description of the API.
    let description = String(decoding: PackageResources.openapi_json, as: UTF8.self)
    /// What the pages may load and run: their own style and script, known by their digests, and the icon.
    let policy: String
    private let templates: MustacheLibrary
    private let canChange: Bool
    private let runbook: String?

    private static let style = String(decoding: PackageResources.page_css, as: UTF8.self)
    private static let script = String(decoding: PackageResources.page_js, as: UTF8.self)
    private static let sources: [(String, [UInt8])] = [
        ("head", PackageResources.head_mustache), ("foot", PackageResources.foot_mustache), ("status", PackageResources.status_mustache),
        ("runs", PackageResources.runs_mustache), ("run", PackageResources.run_mustache), ("problem", PackageResources.problem_mustache),
        ("health", PackageResources.health_mustache), ("point", PackageResources.point_mustache),
        ("calendar", PackageResources.calendar_mustache), ("storage", PackageResources.storage_mustache),
        ("runlist", PackageResources.runlist_mustache), ("diagnosis", PackageResources.diagnosis_mustache),
        ("actions", PackageResources.actions_mustache), ("said", PackageResources.said_mustache), ("help", PackageResources.help_mustache),
    ]

    /// - Parameters:
    ///   - canChange: whether there is a token that opens changes.
    ///   - runbook: nil or a link.
    init(canChange: Bool, runbook: String?) throws {
        var templates = MustacheLibrary()
        for (name, text) in Self.sources { try templates.register(String(decoding: text, as: UTF8.self), named: name) }
        self.templates = templates
        self.canChange = canChange
        self.runbook = runbook?.hasPrefix("http") == true ? runbook : nil
        policy =
            "default-src 'none'; style-src '\(Self.digest(Self.style))'; script-src '\(Self.digest(Self.script))'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }

    private static func digest(_ text: String) -> String { "sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())" }
}

extension StatusPageRenderer {
    /// What every page has.
    private struct Page<Content> {
        let w: [String: String]
        let lang: String
        let isEnglish: Bool
        let query: String
        let style = StatusPageRenderer.style
        let script = StatusPageRenderer.script
        let title: String
        /// Nil for whoever may not know.
        let host: String?
        let now: Moment?
        /// Seconds until it is looked at again.
        let refresh: Int
        let content: Content
    }

    private struct Status {
        let health: HealthView
        let running: RunningView?
        let diagnosis: DiagnosisView?
        let point: PointView?
        let calendar: CalendarView
        let trends: [TrendView]
        let runs: [RunRow]
        let stores: [StoreView]
        let retention: [RetentionView]
        let disks: [DiskView]
        let canChange: Bool
        let hasHistory: Bool
    }

    func status(_ facts: ServiceFacts, _ visitor: Visitor) -> Response {
        let speech = Speech(language: visitor.language, now: facts.now)
        let health = HealthView(facts, speech, runbook: runbook)
        let content = Status(
            health: health, running: RunningView(facts, speech), diagnosis: DiagnosisView(facts, speech, runbook: runbook),
            point: PointView(facts, speech), calendar: CalendarView(facts, speech),
            trends: TrendView.all(facts, speech), runs: facts.allRuns.prefix(10).map { RunRow($0, speech) },
            stores: facts.stores.map { StoreView($0, facts, speech) }, retention: RetentionView.all(facts, speech),
            disks: facts.disks.map { DiskView($0, speech) }, canChange: canChange, hasHistory: !facts.allRuns.isEmpty)
        return render("status", content, health.headline, facts, visitor)
    }

    func runs(_ facts: ServiceFacts, _ visitor: Visitor) -> Response {
        let speech = Speech(language: visitor.language, now: facts.now)
        let rows = facts.allRuns.prefix(1000).map { RunRow($0, speech) }
        return render("runs", ["runs": rows], Words.all(visitor.language)["allRuns"] ?? "", facts, visitor)
    }

    func run(_ record: RunRecord, _ lines: [RunLogLine], _ facts: ServiceFacts, _ visitor: Visitor) -> Response {
        let speech = Speech(language: visitor.language, now: facts.now)
        let view = RunView(record, lines, speech)
        return render("run", view, "\(view.row.kind), \(view.row.state)", facts, visitor)
    }

    /// It says nothing of the data: whoever may not read sees it, too.
    func problem(_ problem: Problem, _ visitor: Visitor) -> Response {
        let detail = problem.detail[visitor.language]
        let content = ["detail": detail, "hint": problem.hint?[visitor.language], "run": problem.run, "status": "\(problem.status.code)"]
            .compactMapValues { $0 }
        return problem.withHeaders(render("problem", content, detail, nil, visitor, status: problem.status))
    }

    private func render<Content>(
        _ template: String, _ content: Content, _ title: String, _ facts: ServiceFacts?, _ visitor: Visitor,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let page = Page(
            w: Words.all(visitor.language), lang: visitor.language.rawValue, isEnglish: visitor.language == .english, query: visitor.query,
            title: title, host: facts?.host,
            now: facts.map { Moment($0.now, Speech(language: visitor.language, now: $0.now)) }, refresh: facts?.current == nil ? 20 : 3,
            content: content)
        return .html(templates.render(Fields(page), withTemplate: template) ?? "", status: status)
    }

    /// In the colour and with the mark of the health, so that a tab tells it.
    func icon(_ facts: ServiceFacts) -> String {
        let (colour, sign) = Self.icons[Health(facts).level.mark] ?? ("#6b6760", "")
        return ##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="\##(colour)"/>"##
            + ##"<path d="\##(sign)" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/></svg>"##
    }

    private static let icons = [
        "good": ("#1b6b40", "M9.5 16.5l4.5 4.5 8.5-10"), "warn": ("#8a5a00", "M16 8.5v9M16 23v.1"),
        "bad": ("#ad2318", "M11 11l10 10M21 11l-10 10"), "none": ("#5c5850", "M10 16h12"),
    ]
}
