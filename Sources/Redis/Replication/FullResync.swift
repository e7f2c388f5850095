package import BackupModel

/// What a primary answers to `PSYNC ? -1`: which state of which history the copy will be of.
package struct FullResync: Sendable, Equatable {
    /// 40 hexadecimal digits, the same for a primary and its replicas.
    package var replicationID: String
    /// Bytes of that history that the copy holds.
    package var offset: Int64
    /// When the answer came. A primary sends it just before it forks a child that writes to the socket, or just after one that writes to its disk.
    package var instant: Instant

    /// A thousand years of ten megabytes a second are less; within these bounds places can be told from one another.
    static let plausible: ClosedRange<Int64> = 0...(1 << 60)

    /// `FULLRESYNC <replid> <offset>`; nil for anything else.
    init?(_ line: String, at instant: Instant) {
        let words = line.split(separator: " ")
        guard words.count == 3, words[0] == "FULLRESYNC", words[1].count == 40, words[1].allSatisfy(\.isHexDigit),
            let offset = Int64(words[2]), Self.plausible.contains(offset)
        else { return nil }
        replicationID = String(words[1])
        self.offset = offset
        self.instant = instant
    }
}
