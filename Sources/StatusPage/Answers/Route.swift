import HTTPTypes

/// Everything there is, by its path.
enum Route: String, CaseIterable {
    case page = "/"
    case runsPage = "/runs"
    case runPage = "/runs/{id}"
    case icon = "/icon.svg"
    case metrics = "/metrics"
    case liveness = "/health"
    case readiness = "/ready"
    case points = "/api/points"
    case point = "/api/points/{id}"
    case runs = "/api/runs"
    case run = "/api/runs/{id}"
    case health = "/api/health"
    case now = "/api/now"
    case description = "/api/openapi.json"

    var methods: [HTTPRequest.Method] { self == .runs ? [.get, .head, .post] : [.get, .head] }

    /// Probes and the tab's icon ask without a token; what they learn says nothing about the data.
    var isOpen: Bool { [.liveness, .readiness, .description].contains(self) }

    /// Asked by whoever keeps the service alive: never refused for what others ask from the same address.
    var isProbe: Bool { self == .liveness || self == .readiness }

    /// Whether people look at it.
    var isPage: Bool { [.page, .runsPage, .runPage].contains(self) }

    /// - Returns: the route, and what stands in the place of `{id}`.
    static func find(_ path: String) -> (Route, id: String)? {
        if let route = Route(rawValue: path), !path.contains("{") { return (route, "") }
        guard let slash = path.lastIndex(of: "/") else { return nil }
        let id = path[path.index(after: slash)...]
        guard !id.isEmpty, let route = Route(rawValue: path[...slash] + "{id}") else { return nil }
        return (route, String(id))
    }
}
