/// Remembers which keys were restored, to compare exactly those: a hash of each, or, of very many, of an even sample of them.
struct KeyMarks: Sendable {
    /// 32 MiB or less.
    private static let limit = 1 << 20

    private var hashes: Set<Int> = []
    /// A key belongs to the sample when these bits of its hash are all zero.
    private var mask = 0

    /// Restored keys for each one that is compared.
    var stride: Int { mask + 1 }

    mutating func insert(_ key: [UInt8], in database: UInt64) {
        let hash = key.withUnsafeBytes { Self.hash($0, database) }
        guard hash & mask == 0 else { return }
        hashes.insert(hash)
        while hashes.count > Self.limit {
            mask = mask << 1 | 1
            hashes = hashes.filter { $0 & mask == 0 }
        }
    }

    func contains(_ key: UnsafeRawBufferPointer, in database: UInt64) -> Bool {
        let hash = Self.hash(key, database)
        return hash & mask == 0 && hashes.contains(hash)
    }

    private static func hash(_ key: UnsafeRawBufferPointer, _ database: UInt64) -> Int {
        var hasher = Hasher()
        hasher.combine(database)
        hasher.combine(bytes: key)
        return hasher.finalize()
    }
}
