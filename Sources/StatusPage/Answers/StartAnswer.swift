import BackupModel
import BackupReports
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The one change there is: a run is started. By programs and the page's script in JSON with the token in a header, by the page's form without a
/// script with the token in its body.
struct StartAnswer {
    let admission: Admission
    let sources: StatusSources

    private static let bodyLimit = 4096

    private struct Wish: Decodable {
        var kind: String
        var point: String?
        /// Of the form alone.
        var token: String?
    }

    func answer(_ request: Request, _ visit: Visit) async throws -> Response {
        let authority = request.head.authority ?? ""
        guard Origin.isOurs(request.headers[.origin], site: request.headers[.site], authority: authority) else {
            throw try admission.refusal(.foreignPage, to: visit.address, at: sources.now())
        }
        let bearer = Credentials(authorization: request.headers[.authorization]).bearer
        guard let type = Form(request.headers[.contentType]) else {
            // Who may not learns nothing else.
            try admission.admitChange(bearer, from: visit.address, at: sources.now())
            throw Problem(
                status: .unsupportedMediaType, detail: Bilingual("the body has to be JSON", "тело запроса должно быть в JSON"),
                hint: Bilingual(
                    #"Send {"kind":"backup"} as application/json."#, #"Пришлите {"kind":"backup"} как application/json."#))
        }
        if type == .json { try admission.admitChange(bearer, from: visit.address, at: sources.now()) }
        let body = try await body(of: request, type, visit)
        let wish =
            try? type == .json
            ? JSONDecoder().decode(Wish.self, from: Data(body.utf8)) : URLEncodedFormDecoder().decode(Wish.self, from: body)
        if type == .form { try admission.admitChange(wish?.token, from: visit.address, at: sources.now()) }
        return try await start(wish, type, Visitor(request), visit)
    }

    private func start(_ wish: Wish?, _ type: Form, _ visitor: Visitor, _ visit: Visit) async throws -> Response {
        let order = try order(wish)
        let start = try await sources.starter.start(order)
        switch start {
        case .started(let id):
            visit.logger.info("a run was started over HTTP", metadata: ["run": "\(id)", "address": "\(visit.address)"])
            if type == .form { return .seeOther(page(of: id, visitor)) }
            var response = Response.json(["id": id, "url": "/api/runs/\(id)"], status: .accepted)
            response.headers[.location] = "/api/runs/\(id)"
            return response
        case .alreadyRunning(let id?) where type == .form: return .seeOther(page(of: id, visitor))
        case .alreadyRunning(let id): throw Problem.underWay(id)
        }
    }

    /// In the language that was chosen on the page with the form.
    private func page(of run: String, _ visitor: Visitor) -> String { "/runs/\(run)\(visitor.query)" }

    /// A form's token is in its body: until that is there nobody has shown one.
    private func body(of request: Request, _ type: Form, _ visit: Visit) async throws -> String {
        do {
            return try await collect(request)
        } catch let problem as Problem where type == .form {
            throw try admission.refusal(problem, to: visit.address, at: sources.now())
        }
    }

    private func order(_ wish: Wish?) throws -> RunOrder {
        let hint = Bilingual(
            #"{"kind":"backup"}, or {"kind":"verification","point":"20260214T020000Z"}"#,
            #"{"kind":"backup"} или {"kind":"verification","point":"20260214T020000Z"}"#)
        guard let wish else {
            throw Problem.badRequest(
                Bilingual("the body does not say what to start", "в теле запроса не сказано, что запустить"), hint: hint)
        }
        switch wish.kind {
        case "backup": return .backup
        case "verification":
            guard let id = RecoveryPointID(wish.point ?? "") else {
                throw Problem.badRequest(
                    Bilingual("point has to be the id of a recovery point", "point должно быть id точки восстановления"), hint: hint)
            }
            return .verification(of: id)
        default:
            throw Problem.badRequest(
                Bilingual("kind has to be backup or verification", "kind может быть backup или verification"), hint: hint)
        }
    }

    private func collect(_ request: Request) async throws -> String {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > Self.bodyLimit { throw Problem.tooLarge }
        do {
            return String(buffer: try await request.body.collect(upTo: Self.bodyLimit))
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge
        } catch {
            try Task.checkCancellation()
            throw Problem.badRequest(
                Bilingual("the body did not come whole", "тело запроса пришло не целиком"),
                hint: Bilingual("Send as many bytes as Content-Length says.", "Пришлите столько байт, сколько сказано в Content-Length."))
        }
    }

    private enum Form {
        case json, form

        init?(_ contentType: String?) {
            switch contentType?.prefix(while: { $0 != ";" }).lowercased() {
            case "application/json": self = .json
            case "application/x-www-form-urlencoded": self = .form
            default: return nil
            }
        }
    }
}

extension HTTPField.Name {
    /// Whether a page of ours makes the request, as browsers say it (Fetch Metadata).
    static let site = HTTPField.Name("Sec-Fetch-Site") ?? .origin
}
