import FoundationEssentials

/// A proxy as curl's environment variables name it.
package struct HTTPProxy: Sendable, Hashable {
    package var host: String
    package var port: Int
    /// The login in the URL, in base 64.
    package var authorization: Secret?

    /// The proxy for a URL: `https_proxy` or `http_proxy` by its scheme, in either case, else `all_proxy`; none for what `no_proxy` names.
    /// `HTTP_PROXY` in capitals is not read, as for curl: a web server sets it from a header.
    package init?(for url: String, environment: [String: String]) {
        guard let target = URL(string: url), let host = target.host() else { return nil }
        func value(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        guard !Self.isExempt(host, by: value("no_proxy", "NO_PROXY") ?? "") else { return nil }
        let named = target.scheme == "https" ? value("https_proxy", "HTTPS_PROXY") : value("http_proxy")
        guard let text = named ?? value("all_proxy", "ALL_PROXY") else { return nil }
        guard let proxy = URL(string: text.contains("://") ? text : "http://\(text)"), let name = proxy.host() else { return nil }
        self.host = name
        port = proxy.port ?? 3128
        authorization = proxy.user(percentEncoded: false).map { user in
            Secret(Data("\(user):\(proxy.password(percentEncoded: false) ?? "")".utf8).base64EncodedString())
        }
    }

    /// Names match themselves and what is below them; `*` matches everything.
    private static func isExempt(_ host: String, by list: String) -> Bool {
        list.split(whereSeparator: { $0 == "," || $0 == " " }).contains { entry in
            let name = entry.hasPrefix(".") ? entry.dropFirst() : entry
            return name == "*" || host.lowercased() == name.lowercased() || host.lowercased().hasSuffix("." + name.lowercased())
        }
    }
}

extension HTTPProxy: CustomStringConvertible {
    package var description: String { "\(host):\(port)" }
}
