/// Which program a server is, and which release of it.
package struct RedisVersion: Sendable, Equatable, Codable, CustomStringConvertible {
    package enum Flavour: String, Sendable, Codable {
        case redis
        case valkey
    }

    package var flavour: Flavour
    /// As the server prints it: `7.0.15`.
    package var text: String

    package init(flavour: Flavour, text: String) {
        self.flavour = flavour
        self.text = text
    }

    /// As an operator writes it: `7.0`, `redis 7.0.15`, `valkey-8.1`.
    /// - Returns: nil for anything else.
    package init?(written text: String) {
        guard let match = text.lowercased().wholeMatch(of: /(?:(redis|valkey)[ -])?(\d+\.\d+(?:\.\d+)*)/) else { return nil }
        self.init(flavour: match.1 == "valkey" ? .valkey : .redis, text: String(match.2))
    }

    /// Valkey tells its own version beside the one of Redis it stands in for.
    init?(_ info: RedisInfo) {
        if let version = info["valkey_version"] {
            self.init(flavour: .valkey, text: version)
        } else if let version = info["redis_version"] {
            self.init(flavour: .redis, text: version)
        } else {
            return nil
        }
    }

    /// Major and minor: (7, 0).
    var release: (Int, Int) {
        let numbers = text.split(separator: ".").map { Int($0) ?? 0 }
        return (numbers.first ?? 0, numbers.dropFirst().first ?? 0)
    }

    /// PSYNC came with 2.8.
    var canReplicatePartially: Bool { flavour == .valkey || release >= (2, 8) }
    /// `REPLCONF rdb-only` came with 7.0: such a client gets no writes, so none have to be buffered for it.
    package var knowsCopiesAlone: Bool { flavour == .valkey || release >= (7, 0) }

    /// Whether it is later than every release whose files are known here.
    package var isUnknown: Bool { LoadableVersion(self).isUncertain }

    package var description: String { "\(flavour == .valkey ? "Valkey" : "Redis") \(text)" }
}
