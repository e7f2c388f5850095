/// What an RDB file holds, counted and digested.
package struct RDBSummary: Sendable, Equatable, Codable {
    package var header: RDBHeader
    package var byteCount: Int64
    package var checksum: RDBChecksum
    /// Nil when everything was understood. Otherwise the counts and digests are of what stands before.
    package var notUnderstood: RDBUnknown?
    /// What the server wrote about the file (`redis-ver`, `ctime`, …): the first 128 fields, values cut at 4 KiB.
    package var auxiliary: [String: String]
    package var slots: [RDBSlot]
    package var content: RDBContent
}

/// What makes two files files of the same data, whatever server wrote them, in whatever order and encodings.
package struct RDBContent: Sendable, Equatable, Codable {
    /// Those with keys, in the order of their numbers.
    package var databases: [RDBDatabaseSummary] = []
    /// Libraries of functions.
    package var functions = RDBTally()
    /// What modules keep outside of keys.
    package var moduleData = RDBTally()

    package var keys: UInt64 { databases.reduce(0) { $0 + $1.keys } }
}

package struct RDBTally: Sendable, Equatable, Codable {
    package var count: UInt64 = 0
    package var digest = RDBDigest()

    mutating func add(_ digest: UInt128) {
        count += 1
        self.digest.add(digest)
    }
}

package struct RDBDatabaseSummary: Sendable, Equatable, Codable {
    package var number: UInt64
    package var keys: UInt64
    package var kinds: [RDBKind: UInt64]
    package var expiring: UInt64
    /// Elements of lists, sets, sorted sets and arrays, fields of hashes, entries of streams; a string or a module's value counts as one.
    package var elements: UInt64
    package var digest: RDBDigest
}

extension RDBKind: CodingKeyRepresentable {}

extension RDBSummary {
    /// The version of the server that wrote the file.
    package var serverVersion: String? { auxiliary["redis-ver"] ?? auxiliary["valkey-ver"] }
    /// Bytes of memory the server used for its data then.
    package var usedMemory: Int64? { auxiliary["used-mem"].flatMap { Int64($0) } }
}
