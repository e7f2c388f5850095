/// How many objects of each kind a database holds, as its own catalogs say.
///
/// It stands in the index as an account of the snapshot that does not come from the script: a script from which a statement is missing
/// restores without an error, and the restored database then counts otherwise. Kinds are words for people; a kind without objects is
/// left out. Numbers of two databases compare when both are on the same major version of the server.
package struct Census: Sendable, Equatable {
    package var counts: [String: Int64]

    package init(_ counts: [String: Int64]) {
        self.counts = counts
    }
}

extension Census: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([String: Int64].self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(counts)
    }
}

extension Census {
    /// A kind of which there are more or fewer than there should be.
    package struct Difference: Sendable, Codable, Equatable, CustomStringConvertible {
        package var kind: String
        package var expected: Int64
        package var found: Int64

        package init(kind: String, expected: Int64, found: Int64) {
            self.kind = kind
            self.expected = expected
            self.found = found
        }

        /// "indexes: 11 instead of 12".
        package var description: String { "\(kind): \(found) instead of \(expected)" }
    }

    /// Without what is known to be missing.
    package func subtracting(_ other: Census) -> Census {
        Census(counts.merging(other.counts.mapValues { -$0 }, uniquingKeysWith: +).filter { $0.value != 0 })
    }

    /// Where two differ, by kind.
    package static func differences(expected: Census, found: Census) -> [Difference] {
        Set(expected.counts.keys).union(found.counts.keys).sorted().compactMap { kind in
            let (wanted, there) = (expected.counts[kind] ?? 0, found.counts[kind] ?? 0)
            return wanted == there ? nil : Difference(kind: kind, expected: wanted, found: there)
        }
    }
}
