import BackupModel
import BackupReports
import HTTPTypes
import Hummingbird
import Logging

/// Every request comes through here: under which name, to what, by whom; then it is answered.
struct FrontDoor: HTTPResponder {
    let admission: Admission
    let hosts: Hosts
    let sources: StatusSources
    let page: StatusPageRenderer

    /// - Parameter readings: questions by address and minute.
    init(_ settings: BackupHTTPSettings, _ sources: StatusSources, readings: Int) throws {
        admission = Admission(settings, readings: readings)
        hosts = Hosts(settings)
        self.sources = sources
        page = try StatusPageRenderer(canChange: settings.token != nil, runbook: sources.runbook)
    }

    func respond(to request: Request, context: Visit) async throws -> Response {
        var response = await answer(request, context)
        let isHTML = response.headers[.contentType]?.hasPrefix("text/html") == true
        SafetyHeaders.add(to: &response, policy: isHTML ? page.policy : SafetyHeaders.nothing)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ visit: Visit) async -> Response {
        do {
            return try await admitted(request, visit)
        } catch {
            let problem = (error as? Problem) ?? (error as? BackupError).map(Problem.init) ?? .unforeseen
            if problem == .unforeseen { visit.logger.error("a request could not be answered", metadata: ["reason": "\(error)"]) }
            guard asks(forPage: request) else { return problem.response(in: Language(request)) }
            return page.problem(problem, Visitor(request))
        }
    }

    private func admitted(_ request: Request, _ visit: Visit) async throws -> Response {
        let (route, id) = try addressed(request, visit)
        if request.method == .post { return try await StartAnswer(admission: admission, sources: sources).answer(request, visit) }
        if !route.isProbe { try admission.admitVisit(from: visit.address, at: sources.now()) }
        if !route.isOpen {
            try admission.admitReading(
                Credentials(authorization: request.headers[.authorization]), from: visit.address, at: sources.now())
        }
        return try await read(route, id, request)
    }

    private func addressed(_ request: Request, _ visit: Visit) throws -> (route: Route, id: String) {
        do { return try route(of: request) } catch { throw try admission.refusal(error, to: visit.address, at: sources.now()) }
    }

    private func route(of request: Request) throws(Problem) -> (route: Route, id: String) {
        guard let authority = request.head.authority, !request.headers.contains(where: \.isHost) else {
            throw Problem.badRequest(
                Bilingual("the request has no header Host, or several", "в запросе нет заголовка Host или их несколько"))
        }
        guard hosts.allow(authority) else { throw Problem.wrongHost }
        guard let (route, id) = Route.find(request.uri.path) else { throw Problem.notFound }
        guard route.methods.contains(request.method) else { throw Problem.methodNotAllowed(route.methods) }
        return (route, id)
    }

    private func asks(forPage request: Request) -> Bool {
        if let (route, _) = Route.find(request.uri.path), route.isPage { return true }
        return request.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") == true
    }
}

extension FrontDoor {
    private func read(_ route: Route, _ id: String, _ request: Request) async throws -> Response {
        switch route {
        case .liveness: return .json(LivenessAnswer(sources.fingerprint()))
        case .readiness:
            let isReady = await sources.isReady()
            return .json(["status": isReady ? "ready" : "not ready"], status: isReady ? .ok : .serviceUnavailable)
        case .description: return .text(page.description, type: "application/json")
        default: break
        }
        let facts = await sources.facts.facts()
        switch route {
        case .metrics: return .text(sources.metrics(facts), type: MetricsPage.contentType)
        case .points: return .json(PointsAnswer(facts))
        case .point: return .json(try PointAnswer(facts, id: id))
        case .runs: return .json(try RunsAnswer(facts, query: Query(request)))
        case .run: return .json(try await RunAnswer(facts, id: id, sources.logs, query: Query(request)))
        case .health: return .json(HealthAnswer(facts))
        case .now: return .json(NowAnswer(facts))
        case .icon: return .text(page.icon(facts), type: "image/svg+xml")
        default: return try await look(route, id, facts, request)
        }
    }

    private func look(_ route: Route, _ id: String, _ facts: ServiceFacts, _ request: Request) async throws -> Response {
        let visitor = Visitor(request)
        switch route {
        case .runsPage: return page.runs(facts, visitor)
        case .runPage:
            guard let record = facts.run(id) else { throw Problem.noRun(id) }
            return page.run(record, try await sources.logs.lines(of: id, last: 1000), facts, visitor)
        default: return page.status(facts, visitor)
        }
    }
}

extension HTTPField {
    /// The library takes the first one out of the list.
    fileprivate var isHost: Bool { name.canonicalName == "host" }
}

extension Problem {
    static let unforeseen = Problem(
        status: .internalServerError, detail: Bilingual("the request could not be answered", "на запрос не удалось ответить"),
        hint: Bilingual("The service's log has the reason.", "Причина в журнале сервиса."))
}
