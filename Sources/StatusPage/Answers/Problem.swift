import BackupModel
import BackupReports
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// Why a request is not answered as it wished, as RFC 9457 has it (`application/problem+json`), in the language whoever asks prefers.
struct Problem: Error, Equatable {
    var status: HTTPResponse.Status
    /// A sentence without a full stop, as `BackupError.message`.
    var detail: Bilingual
    var hint: Bilingual?
    /// The run that is under way.
    var run: String?
    var headers: [HTTPField] = []
}

extension Problem {
    static let notFound = Problem(
        status: .notFound, detail: Bilingual("there is nothing here", "здесь ничего нет"),
        hint: Bilingual("All there is: /api/openapi.json", "Всё, что есть: /api/openapi.json"))

    static func noRun(_ id: String) -> Problem {
        Problem(
            status: .notFound,
            detail: Bilingual("the history of the last ninety days has no such run", "за последние девяносто дней такого запуска не было"),
            hint: Bilingual("All of them: /api/runs", "Все запуски: /api/runs"))
    }

    static let noPoint = Problem(
        status: .notFound, detail: Bilingual("no store has such a recovery point", "такой точки восстановления нет ни в одном хранилище"),
        hint: Bilingual("All of them: /api/points", "Все точки: /api/points"))

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            status: .methodNotAllowed, detail: Bilingual("that can only be done by \(names)", "здесь допустимо только: \(names)"),
            headers: [.init(name: .allow, value: names)])
    }

    static let wrongHost = Problem(
        status: .misdirectedRequest, detail: Bilingual("this service does not go by that name", "у этого сервиса другое имя"),
        hint: Bilingual("BACKUP_HTTP_HOSTS lists the names it answers to.", "Имена, на которые он отвечает, задаёт BACKUP_HTTP_HOSTS."))

    static func badRequest(_ detail: Bilingual, hint: Bilingual? = nil) -> Problem {
        Problem(status: .badRequest, detail: detail, hint: hint)
    }

    static let tooLarge = Problem(
        status: .contentTooLarge,
        detail: Bilingual("the body is larger than anything that could be meant", "тело запроса слишком велико"))

    static let changesOff = Problem(
        status: .forbidden,
        detail: Bilingual(
            "nothing can be changed over HTTP, as there is no token for it", "через HTTP ничего нельзя изменить: токен для этого не задан"),
        hint: Bilingual(
            "Set BACKUP_HTTP_TOKEN; one is made by: openssl rand -hex 32", "Задайте BACKUP_HTTP_TOKEN; создать его: openssl rand -hex 32"))

    static let foreignPage = Problem(
        status: .forbidden,
        detail: Bilingual("the page that asks for it is none of this service", "об этом просит страница не этого сервиса"))

    static func tokenMissing(reading: Bool) -> Problem {
        Problem(
            status: .unauthorized, detail: Bilingual("a token is needed", "нужен токен"), hint: hint(reading), headers: challenges(reading))
    }

    static func tokenWrong(reading: Bool) -> Problem {
        Problem(
            status: .unauthorized, detail: Bilingual("that is not the token", "это не тот токен"), hint: hint(reading),
            headers: challenges(reading))
    }

    /// A browser shows its dialogue for Basic alone, and would take it for a change in vain.
    private static func challenges(_ reading: Bool) -> [HTTPField] {
        let all = reading ? [#"Basic realm="backups", charset="UTF-8""#, #"Bearer realm="backups""#] : [#"Bearer realm="backups""#]
        return all.map { HTTPField(name: .wwwAuthenticate, value: $0) }
    }

    private static func hint(_ reading: Bool) -> Bilingual {
        reading
            ? Bilingual(
                "Send it as “Authorization: Bearer …”, or as the password of any name: BACKUP_HTTP_READ_TOKEN or BACKUP_HTTP_TOKEN of the service.",
                "Передайте его в заголовке «Authorization: Bearer …» или как пароль с любым именем: это BACKUP_HTTP_READ_TOKEN или "
                    + "BACKUP_HTTP_TOKEN сервиса.")
            : Bilingual(
                "Send it as “Authorization: Bearer …”: BACKUP_HTTP_TOKEN of the service.",
                "Передайте его в заголовке «Authorization: Bearer …»: это BACKUP_HTTP_TOKEN сервиса.")
    }

    static func tooMany(_ wait: Duration) -> Problem {
        Problem(
            status: .tooManyRequests, detail: Bilingual("that was too often from one address", "с одного адреса это было слишком часто"),
            hint: Bilingual("It goes on in \(wait.briefly).", "Снова можно через \(wait.brieflyInRussian)."),
            headers: [.init(name: .retryAfter, value: "\(max(1, wait.components.seconds))")])
    }

    static func underWay(_ run: String?) -> Problem {
        let id = run.map { ": \($0)" } ?? ""
        return Problem(
            status: .conflict, detail: Bilingual("another run is under way" + id, "уже выполняется другой запуск" + id),
            hint: run.map { Bilingual("Follow it: /api/runs/\($0)", "Следить за ним: /api/runs/\($0)") }
                ?? Bilingual("See /api/now.", "Смотрите /api/now."), run: run)
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
        let kind = error.code.russianKind.map { "\($0): " } ?? ""
        let russianHint = error.hint.map { "`\(error.code.remedy)`. «\($0)»" } ?? ""
        self.init(
            status: status, detail: Bilingual(error.message, "\(kind)«\(error.message)»"),
            hint: error.hint.map { Bilingual($0, russianHint) })
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

    func response(in language: Language) -> Response {
        let document = Document(
            title: status.reasonPhrase, status: status.code, detail: detail[language], hint: hint?[language], run: run)
        return withHeaders(Response.json(document, type: "application/problem+json", status: status))
    }

    func withHeaders(_ response: Response) -> Response {
        var response = response
        for header in headers { response.headers.append(header) }
        return response
    }
}
