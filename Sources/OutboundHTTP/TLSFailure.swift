import NIOSSL

/// What an error of a TLS handshake means to an operator. The library's own words name lines of its sources.
package enum TLSFailure: Sendable, Equatable {
    /// The other side answered with something that is no TLS.
    case noTLS
    /// Lowercase, to stand behind a colon.
    case other(String)

    /// Nil for what has nothing to do with TLS.
    package init?(_ error: any Error) {
        guard error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError else { return nil }
        let text = "\(error)"
        self = text.contains("WRONG_VERSION_NUMBER") ? .noTLS : .other(Self.meaning(of: text))
    }

    /// Why it failed.
    package var reason: String {
        switch self {
        case .noTLS: "the server does not speak TLS"
        case .other(let reason): reason
        }
    }

    /// The same where nothing else says that it is about TLS.
    package var words: String { self == .noTLS ? reason : "TLS failed: \(reason)" }

    /// BoringSSL has hundreds of reasons; those that tell an operator something are translated, the others are left their names.
    private static func meaning(of text: String) -> String {
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "the server's certificate is not one this host trusts" }
        if text.contains("failedToValidateHostname") || text.contains("unableToValidateCertificate") {
            return "the server's certificate is for another name"
        }
        if text.contains("EOF during") || text.contains("uncleanShutdown") { return "the server closed the connection" }
        if let name = text.firstMatch(of: /OPENSSL_internal:([A-Z0-9_]+)/) {
            return name.output.1.replacing("_", with: " ").lowercased()
        }
        return text.contains(" at /") ? "the handshake failed" : text
    }
}
