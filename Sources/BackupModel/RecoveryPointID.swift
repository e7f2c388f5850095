/// The name of one recovery point: the UTC second it was begun in, as `20260214T020000Z`.
///
/// Names of files and keys carry it, so it sorts by time and holds nothing a shell or a bucket would have to quote.
package struct RecoveryPointID: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let description: String

    /// Accepts exactly the form `yyyyMMddTHHmmssZ`; anything else is nil.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        let digits = bytes[0..<8] + bytes[9..<15]
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        description = String(text)
    }

    /// For text that was built from an instant and has the form by construction.
    init(unchecked text: String) {
        description = text
    }

    /// The second of that instant, or the next one that no key speaks of yet.
    package static func unused(at instant: Instant, besides keys: [String]) -> RecoveryPointID {
        var second = instant
        while keys.contains(where: { $0.contains(RecoveryPointID(at: second).description) }) { second = second + .seconds(1) }
        return RecoveryPointID(at: second)
    }

    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension RecoveryPointID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a recovery point id")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
