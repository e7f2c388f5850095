import FoundationEssentials

extension DumpIndex {
    /// The document as it is compressed into the index pages: sorted keys, so that equal indexes are equal bytes.
    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    init(json: [UInt8]) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json))
        } catch let error as DecodingError {
            // A later version may lack what this one asks for; then the version is the news.
            try Self.checkVersion((try? JSONDecoder().decode(Version.self, from: Data(json)))?.formatVersion)
            throw error
        }
        try Self.checkVersion(formatVersion)
    }

    private static func checkVersion(_ version: Int?) throws(DumpFormatError) {
        guard let version, version != currentFormatVersion else { return }
        throw DumpFormatError(.unknownFormatVersion(version))
    }

    private struct Version: Decodable {
        var formatVersion: Int
    }
}
