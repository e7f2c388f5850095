import FoundationEssentials

extension DumpIndex {
    /// The document as it is compressed into the index pages: sorted keys, so that equal indexes are equal bytes.
    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    init(json: [UInt8]) throws {
        // The version decides whether the rest can be understood, so it is looked at first.
        let version = try JSONDecoder().decode(Version.self, from: Data(json)).formatVersion
        guard version == Self.currentFormatVersion else { throw DumpFormatError(.unknownFormatVersion(version)) }
        self = try JSONDecoder().decode(Self.self, from: Data(json))
    }

    private struct Version: Decodable {
        var formatVersion: Int
    }
}
