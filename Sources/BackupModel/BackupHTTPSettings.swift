/// Where the service answers over HTTP, and to whom.
package struct BackupHTTPSettings: Sendable, Equatable {
    package var address: ListenAddress
    /// Opens changes, and reading. Nil: nothing can be changed over HTTP.
    package var token: Secret?
    /// Reading needs it, or `token`. Nil: whoever reaches the address may read.
    package var readToken: Secret?
    /// Names the service is asked for under, beside addresses and `localhost`; empty: any, unless it listens on this machine alone.
    package var hosts: [String]
    /// Paths of PEM files; nil: no TLS.
    package var tls: TLSFiles?

    package init(
        address: ListenAddress = .standard, token: Secret? = nil, readToken: Secret? = nil, hosts: [String] = [], tls: TLSFiles? = nil
    ) {
        self.address = address
        self.token = token
        self.readToken = readToken
        self.hosts = hosts
        self.tls = tls
    }

    package struct TLSFiles: Sendable, Equatable {
        /// The server's certificate, and after it those that lead to one the clients trust.
        package var certificates: String
        package var key: String

        package init(certificates: String, key: String) {
            self.certificates = certificates
            self.key = key
        }
    }
}

/// An address to listen on: `127.0.0.1:8085`, `[::1]:8085`, `backup.internal:8085`; `:8085` is every address of the machine.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    package var host: String
    /// 0: any that is free.
    package var port: Int

    package static let standard = ListenAddress(host: "127.0.0.1", port: 8085)

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Nil for anything that has no port, or a host that is neither a name nor an address.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() } else if host.contains(":") { return nil }
        let allowed = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".:-_%".contains($0)) }
        guard allowed else { return nil }
        self.init(host: host.isEmpty ? "0.0.0.0" : String(host), port: Int(port))
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
