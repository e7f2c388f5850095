/// Where the server of a bucket is to be found.
struct BucketEndpoint {
    let host: String
    let port: Int
    /// Without credentials and path.
    let url: String
    /// Whether the settings name it; else it is the vendor's own.
    let isGiven: Bool

    init(_ store: StoreCondition) {
        let given = store.program.endpoint
        isGiven = given != nil
        let text = given ?? Self.vendor(store)
        let isClear = text.hasPrefix("http://")
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        let found = place.wholeMatch(of: /(\[[^\]]*\]|[^:]*)(?::([0-9]+))?/)
        host = found.map { $0.1.filter { $0 != "[" && $0 != "]" } } ?? String(place)
        port = found?.2.flatMap { Int($0) } ?? (isClear ? 80 : 443)
        url = "\(isClear ? "http" : "https")://\(place)/"
    }

    /// `127.0.0.1:9000`.
    var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether there is no name to look up: an address of IPv4 or IPv6.
    var isAddress: Bool { host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." } }

    private static func vendor(_ store: StoreCondition) -> String {
        guard store.kind == .s3 else { return "https://storage.googleapis.com" }
        return "https://s3\(store.program.region.map { ".\($0)" } ?? "").amazonaws.com"
    }
}
