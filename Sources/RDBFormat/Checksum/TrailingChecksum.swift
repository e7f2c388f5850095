/// The CRC-64 of a stream whose last eight bytes are that checksum, without knowing beforehand where it ends.
struct TrailingChecksum {
    private static let trailerBytes = 8

    /// Of everything before the last eight bytes.
    private(set) var computed: UInt64 = 0
    /// The last eight bytes so far, in order.
    private var trailer: [UInt8] = []
    private(set) var byteCount: Int64 = 0

    init() {
        trailer.reserveCapacity(2 * Self.trailerBytes)
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += Int64(bytes.count)
        guard bytes.count >= Self.trailerBytes else { return updateSmall(bytes) }
        computed = trailer.withUnsafeBytes { CRC64.value(of: $0, after: computed) }
        let body = UnsafeRawBufferPointer(rebasing: bytes.dropLast(Self.trailerBytes))
        computed = CRC64.value(of: body, after: computed)
        trailer.removeAll(keepingCapacity: true)
        trailer.append(contentsOf: bytes.suffix(Self.trailerBytes))
    }

    private mutating func updateSmall(_ bytes: UnsafeRawBufferPointer) {
        trailer.append(contentsOf: bytes)
        let surplus = trailer.count - Self.trailerBytes
        guard surplus > 0 else { return }
        computed = trailer.withUnsafeBytes { CRC64.value(of: UnsafeRawBufferPointer(rebasing: $0.prefix(surplus)), after: computed) }
        trailer.removeFirst(surplus)
    }

    /// Nil before eight bytes have come.
    var recorded: UInt64? {
        guard trailer.count == Self.trailerBytes else { return nil }
        return trailer.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }

    var trailerOffset: Int64 { byteCount - Int64(Self.trailerBytes) }
}

/// What a file's checksum says about it.
package enum RDBChecksum: String, Sendable, Codable {
    /// The file has the bytes its writer wrote.
    case proved
    /// The file was written with `rdbchecksum no`: a change that leaves the structure intact cannot be noticed.
    case disabled
    /// Versions before 5 have none.
    case absent
}
