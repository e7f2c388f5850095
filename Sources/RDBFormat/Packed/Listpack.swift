/// A listpack: total bytes (32 bits), number of elements (16 bits, all ones when there are more), elements, `ff`.
///
/// An element is an encoding byte with a number or a length, text if any, and its own length, to be read backwards.
struct Listpack: PackedElements {
    private static let headerBytes = 6
    private static let end: UInt8 = 0xFF
    private static let uncounted: UInt16 = .max

    private let blob: UnsafeRawBufferPointer
    private var position = Self.headerBytes
    private let declared: UInt16
    private var seen = 0

    init(_ blob: UnsafeRawBufferPointer) throws(Interruption) {
        guard blob.count > Self.headerBytes, UInt32(littleEndian: blob.loadUnaligned(as: UInt32.self)) == blob.count else {
            throw .malformed("a listpack of its own length")
        }
        self.blob = blob
        declared = UInt16(littleEndian: blob.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
    }

    mutating func next() throws(Interruption) -> PackedValue? {
        guard position < blob.count else { throw .malformed("the end marker of a listpack") }
        let first = blob[position]
        if first == Self.end { return try finish() }
        let start = position
        let value = try element(first)
        try checkLengthBehind(position - start)
        seen += 1
        return value
    }

    private func finish() throws(Interruption) -> PackedValue? {
        guard position == blob.count - 1 else { throw .malformed("the end marker at the end of a listpack") }
        guard declared == Self.uncounted || Int(declared) == seen else {
            throw .malformed("\(declared) elements in a listpack, found \(seen)")
        }
        return nil
    }

    private mutating func element(_ first: UInt8) throws(Interruption) -> PackedValue {
        if first < 0x80 {
            position += 1
            return .number(Int64(first))
        }
        if first < 0xC0 { return try text(header: 1, length: Int(first & 0x3F)) }
        if first < 0xE0 { return .number(signExtended(UInt64(first & 0x1F) << 8 | (try raw(2) >> 8), bits: 13)) }
        if first < 0xF0 { return try text(header: 2, length: Int(first & 0x0F) << 8 | Int(try peek(1))) }
        switch first {
        case 0xF0: return try longText()
        case 0xF1: return .number(signExtended(try raw(3) >> 8, bits: 16))
        case 0xF2: return .number(signExtended(try raw(4) >> 8, bits: 24))
        case 0xF3: return .number(signExtended(try raw(5) >> 8, bits: 32))
        case 0xF4: return .number(try wideNumber())
        default: throw .malformed("the encoding of a listpack element, found byte \(first)")
        }
    }

    /// The next `count` bytes (at most eight) as one little-endian number.
    private mutating func raw(_ count: Int) throws(Interruption) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(try peek(index)) << UInt64(8 * index) }
        position += count
        return value
    }

    private mutating func wideNumber() throws(Interruption) -> Int64 {
        _ = try peek(8)
        defer { position += 9 }
        return Int64(littleEndian: blob.loadUnaligned(fromByteOffset: position + 1, as: Int64.self))
    }

    private mutating func longText() throws(Interruption) -> PackedValue {
        _ = try peek(4)
        return try text(header: 5, length: Int(UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: position + 1, as: UInt32.self))))
    }

    private mutating func text(header: Int, length: Int) throws(Interruption) -> PackedValue {
        guard header + length <= blob.count - position else { throw .malformed("the text of a listpack element within the listpack") }
        let start = position + header
        position = start + length
        return .text(UnsafeRawBufferPointer(rebasing: blob[start..<position]))
    }

    private func peek(_ index: Int) throws(Interruption) -> UInt8 {
        guard index < blob.count - position else { throw .malformed("a listpack element within the listpack") }
        return blob[position + index]
    }

    private func signExtended(_ value: UInt64, bits: UInt64) -> Int64 {
        Int64(bitPattern: value << (64 - bits)) >> Int64(64 - bits)
    }

    private mutating func checkLengthBehind(_ length: Int) throws(Interruption) {
        // Nearly every element: short enough for one byte.
        if length <= 127, position < blob.count, blob[position] == UInt8(truncatingIfNeeded: length) {
            position += 1
        } else {
            try checkLongLengthBehind(length)
        }
    }

    /// Seven bits in each byte, the highest first; all but the first byte have their upper bit set.
    private mutating func checkLongLengthBehind(_ length: Int) throws(Interruption) {
        let bytes = Self.lengthBytes(length)
        _ = try peek(bytes - 1)
        for index in 0..<bytes {
            let group = UInt8(truncatingIfNeeded: length >> (7 * (bytes - 1 - index))) & 0x7F
            guard blob[position + index] == group | (index == 0 ? 0 : 0x80) else {
                throw .malformed("the length of a listpack element behind it")
            }
        }
        position += bytes
    }

    /// The bounds are Redis' own, one lower than seven bits more would allow.
    private static func lengthBytes(_ length: Int) -> Int {
        switch length {
        case ...127: 1
        case ..<16_383: 2
        case ..<2_097_151: 3
        case ..<268_435_455: 4
        default: 5
        }
    }
}
