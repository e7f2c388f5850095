package import BackupModel
import FoundationEssentials

/// Where mail is handed over, and as whom: `smtp://user:password@host:587` or `smtps://host`.
package struct SMTPServer: Sendable, Hashable {
    package var host: String
    package var port: Int
    package var security: Security
    package var user: String?
    package var password: Secret?
    /// A PEM file of the authorities to trust in place of the system's.
    package var authorities: String?

    package enum Security: Sendable, Hashable {
        /// TLS from the first byte.
        case implicit
        /// `STARTTLS` before anything else; a server that has none is not used.
        case upgraded
        /// None: only for a server on this machine.
        case none
    }
}

extension SMTPServer {
    /// Nil for anything else. Port 587 where none is given, 465 for `smtps://` (RFC 8314).
    package init?(url: String, authorities: String? = nil) {
        guard let parts = URL(string: url), let host = parts.host(percentEncoded: false), !host.isEmpty else { return nil }
        guard parts.path(percentEncoded: true).isEmpty || parts.path(percentEncoded: true) == "/" else { return nil }
        switch parts.scheme?.lowercased() {
        case "smtps": security = .implicit
        case "smtp": security = Self.isLoopback(host) ? .none : .upgraded
        default: return nil
        }
        self.host = host
        port = parts.port ?? (security == .implicit ? 465 : 587)
        user = parts.user(percentEncoded: false)
        password = parts.password(percentEncoded: false).map { Secret($0) }
        self.authorities = authorities
    }

    private static func isLoopback(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

extension SMTPServer: CustomStringConvertible {
    /// Without the login.
    package var description: String { "\(host):\(port)" }
}
