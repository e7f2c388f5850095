import Hummingbird
import NIOCore

/// Where a request came from.
struct Visit: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// What limits are counted by: an address, or the network of an IPv6 address, as whoever has one has a whole one (RFC 6177).
    let address: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress.map(Self.countedAddress) ?? "unknown"
    }

    private static func countedAddress(_ address: SocketAddress) -> String {
        guard let text = address.ipAddress else { return "unix" }
        return text.contains(":") ? network(of: text) : text
    }

    /// - Parameter text: as `inet_ntop` writes it.
    static func network(of text: String) -> String {
        // An IPv4 address in IPv6's clothes.
        if let dotted = text.split(separator: ":").last, dotted.contains(".") { return String(dotted) }
        let zeros = text.firstRange(of: "::")
        let groups = text[..<(zeros?.lowerBound ?? text.endIndex)].split(separator: ":").prefix(4)
        return (groups + Array(repeating: "0", count: 4 - groups.count)).joined(separator: ":") + "::/64"
    }
}
