import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// Values of ours always encode; should one not, it is said.
    static func json(_ value: some Encodable, type: String = "application/json", status: HTTPResponse.Status = .ok) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return text(String(decoding: try encoder.encode(value), as: UTF8.self), type: type, status: status)
        } catch {
            return text("{}", type: type, status: .internalServerError)
        }
    }

    static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        .text(text, type: "text/html; charset=utf-8", status: status)
    }

    /// After a form: the browser asks for this next, and reloading it does not send the form again.
    static func seeOther(_ place: String) -> Response { Response(status: .seeOther, headers: [.location: place]) }
}

/// What goes with every answer.
enum SafetyHeaders {
    /// - Parameter policy: what the content may load and run (CSP).
    static func add(to response: inout Response, policy: String) {
        response.headers[.contentSecurityPolicy] = policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.cacheControl] = "no-store"
        for (name, value) in rare { response.headers[name] = value }
    }

    /// Not even what looks like a page may do anything.
    static let nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    private static let rare: [(HTTPField.Name, String)] = [
        // Not `no-referrer`: with it browsers hide the origin of our own form from us.
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}
