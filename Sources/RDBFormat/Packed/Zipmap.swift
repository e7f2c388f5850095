/// A zipmap, the small hashes before Redis 2.6: number of pairs (one byte, 254 and above when there are more), pairs, `ff`.
///
/// A pair is a length and a field, a length, the number of unused bytes, a value and the unused bytes. A length is a byte, or `fe` and four.
struct Zipmap {
    private static let end: UInt8 = 0xFF
    private static let uncounted = 254

    private let blob: UnsafeRawBufferPointer
    private var position = 1
    private var seen = 0

    init(_ blob: UnsafeRawBufferPointer) throws(Interruption) {
        guard blob.count >= 2 else { throw .malformed("the header of a zipmap") }
        self.blob = blob
    }

    mutating func next() throws(Interruption) -> (field: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)? {
        try require(1)
        if blob[position] == Self.end { return try finish() }
        let fieldLength = try length()
        let field = try text(fieldLength)
        try require(1)
        let valueLength = try length()
        try require(1)
        let unused = Int(blob[position])
        position += 1
        let value = try text(valueLength)
        _ = try text(unused)
        seen += 1
        return (field, value)
    }

    private func finish() throws(Interruption) -> (field: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)? {
        guard position == blob.count - 1 else { throw .malformed("the end marker at the end of a zipmap") }
        let declared = Int(blob[0])
        guard declared >= Self.uncounted || declared == seen else { throw .malformed("\(declared) pairs in a zipmap, found \(seen)") }
        return nil
    }

    private mutating func length() throws(Interruption) -> Int {
        let first = blob[position]
        switch first {
        case ..<254:
            position += 1
            return Int(first)
        case 254:
            try require(5)
            defer { position += 5 }
            return Int(UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: position + 1, as: UInt32.self)))
        default: throw .malformed("a length in a zipmap, found byte \(first)")
        }
    }

    private mutating func text(_ count: Int) throws(Interruption) -> UnsafeRawBufferPointer {
        try require(count)
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: blob[position..<(position + count)])
    }

    private func require(_ count: Int) throws(Interruption) {
        guard count <= blob.count - position else { throw .malformed("a pair of a zipmap within the zipmap") }
    }
}
