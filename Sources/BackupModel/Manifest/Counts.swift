/// How many bytes, rows or keys there are, as a manifest says it. Whoever writes one can give it a checksum that fits: what no disk holds is refused, so
/// that figures can be reckoned with.
extension KeyedDecodingContainer {
    /// - Throws: `DecodingError` for less than nothing, and for more than 8 PiB.
    func decodeCount(forKey key: Key) throws -> Int64 { try checked([try decode(Int64.self, forKey: key)], key)[0] }

    func decodeCountIfPresent(forKey key: Key) throws -> Int64? {
        guard let count = try decodeIfPresent(Int64.self, forKey: key) else { return nil }
        return try checked([count], key)[0]
    }

    func decodeCountsIfPresent(forKey key: Key) throws -> [String: Int64]? {
        guard let counts = try decodeIfPresent([String: Int64].self, forKey: key) else { return nil }
        _ = try checked(Array(counts.values), key)
        return counts
    }

    private func checked(_ counts: [Int64], _ key: Key) throws -> [Int64] {
        guard counts.allSatisfy({ (0...(1 << 53)).contains($0) }) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "there cannot be so many")
        }
        return counts
    }
}
