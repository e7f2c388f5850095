import BackupModel
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// Why a request is not answered as it wished, as RFC 9457 has it (`application/problem+json`).
struct Problem: Error, Equatable {
    var status: HTTPResponse.Status
    /// A sentence without a full stop, as `BackupError.message`.
    var detail: String
    var hint: String?
    /// The run that is under way.
    var run: String?
    var headers: [HTTPField] = []
}

extension Problem {
    static let notFound = Problem(status: .notFound, detail: "there is nothing here", hint: "All there is: /api/openapi.json")

    static func noRun(_ id: String) -> Problem {
        Problem(status: .notFound, detail: "the history of the last ninety days has no such run", hint: "All of them: /api/runs")
    }

    static let noPoint = Problem(status: .notFound, detail: "no store has such a recovery point", hint: "All of them: /api/points")

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(status: .methodNotAllowed, detail: "that can only be done by \(names)", headers: [.init(name: .allow, value: names)])
    }

    static let wrongHost = Problem(
        status: .misdirectedRequest, detail: "this service does not go by that name",
        hint: "BACKUP_HTTP_HOSTS lists the names it answers to.")

    static func badRequest(_ detail: String, hint: String? = nil) -> Problem {
        Problem(status: .badRequest, detail: detail, hint: hint)
    }

    static let tooLarge = Problem(status: .contentTooLarge, detail: "the body is larger than anything that could be meant")

    static let changesOff = Problem(
        status: .forbidden, detail: "nothing can be changed over HTTP, as there is no token for it",
        hint: "Set BACKUP_HTTP_TOKEN; one is made by: openssl rand -hex 32")

    static let foreignPage = Problem(status: .forbidden, detail: "the page that asks for it is none of this service")

    static func tokenMissing(reading: Bool) -> Problem {
        Problem(status: .unauthorized, detail: "a token is needed", hint: hint(reading), headers: challenges(reading))
    }

    static func tokenWrong(reading: Bool) -> Problem {
        Problem(status: .unauthorized, detail: "that is not the token", hint: hint(reading), headers: challenges(reading))
    }

    /// A browser shows its dialogue for Basic alone, and would take it for a change in vain.
    private static func challenges(_ reading: Bool) -> [HTTPField] {
        let all = reading ? [#"Basic realm="backups", charset="UTF-8""#, #"Bearer realm="backups""#] : [#"Bearer realm="backups""#]
        return all.map { HTTPField(name: .wwwAuthenticate, value: $0) }
    }

    private static func hint(_ reading: Bool) -> String {
        reading
            ? "Send it as “Authorization: Bearer …”, or as the password of any name: BACKUP_HTTP_READ_TOKEN or BACKUP_HTTP_TOKEN of the service."
            : "Send it as “Authorization: Bearer …”: BACKUP_HTTP_TOKEN of the service."
    }

    static func tooMany(_ wait: Duration) -> Problem {
        Problem(
            status: .tooManyRequests, detail: "that was too often from one address",
            hint: "It goes on in \(wait.briefly).", headers: [.init(name: .retryAfter, value: "\(max(1, wait.components.seconds))")])
    }

    static func underWay(_ run: String?) -> Problem {
        Problem(
            status: .conflict, detail: "another run is under way" + (run.map { ": \($0)" } ?? ""),
            hint: run.map { "Follow it: /api/runs/\($0)" } ?? "See /api/now.", run: run)
    }

    /// What the machinery below has to say.
    init(_ error: BackupError) {
        let status: HTTPResponse.Status =
            switch error.code {
            case .lockHeld: .conflict
            case .artifactMissing: .notFound
            case .invalidUsage: .badRequest
            case .sourceUnreachable, .storeFailed, .stalled, .outOfSpace: .serviceUnavailable
            default: .internalServerError
            }
        self.init(status: status, detail: error.message, hint: error.hint)
    }
}

extension Problem {
    private struct Document: Encodable {
        let type = "about:blank"
        let title: String
        let status: Int
        let detail: String
        let hint: String?
        let run: String?
    }

    var response: Response {
        let document = Document(title: status.reasonPhrase, status: status.code, detail: detail, hint: hint, run: run)
        return withHeaders(Response.json(document, type: "application/problem+json", status: status))
    }

    func withHeaders(_ response: Response) -> Response {
        var response = response
        for header in headers { response.headers.append(header) }
        return response
    }
}
