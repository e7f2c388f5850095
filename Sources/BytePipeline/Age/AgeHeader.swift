/// The text before an encrypted payload: for every recipient the file key, wrapped, and a MAC over all of it that only the file key gives.
struct AgeHeader: Equatable {
    var stanzas: [AgeStanza]
    var mac: [UInt8]

    static let version = "age-encryption.org/v1"

    /// What the MAC is computed over: everything up to and including `---`.
    var authenticated: [UInt8] { Array((Self.version + "\n" + stanzas.map(\.text).joined() + "---").utf8) }

    var bytes: [UInt8] { authenticated + Array(" \(AgeBase64.encode(mac))\n".utf8) }
}

/// One recipient's part: its kind, what the kind needs, and the wrapped file key.
struct AgeStanza: Equatable {
    var arguments: [String]
    var body: [UInt8]

    static let columns = 64

    /// The body ends with a line shorter than the others, if need be an empty one.
    var text: String {
        var lines = ["-> " + arguments.joined(separator: " ")]
        var rest = Substring(AgeBase64.encode(body))
        while rest.utf8.count >= Self.columns {
            lines.append(String(rest.prefix(Self.columns)))
            rest = rest.dropFirst(Self.columns)
        }
        return (lines + [String(rest)]).map { $0 + "\n" }.joined()
    }
}
