/// A ziplist: total bytes and offset of the last element (32 bits each), number of elements (16 bits, all ones when there are more),
/// elements, `ff`.
///
/// An element is the length of the one before it (one byte, or `fe` and four), an encoding with a number or a length, and text if any.
struct Ziplist: PackedElements {
    private static let headerBytes = 10
    private static let end: UInt8 = 0xFF
    private static let uncounted: UInt16 = .max

    private let blob: UnsafeRawBufferPointer
    private var position = Self.headerBytes
    private var lastStart = Self.headerBytes
    private var lastBytes = 0
    private var seen = 0

    init(_ blob: UnsafeRawBufferPointer) throws(Interruption) {
        guard blob.count > Self.headerBytes, UInt32(littleEndian: blob.loadUnaligned(as: UInt32.self)) == blob.count else {
            throw .malformed("a ziplist of its own length")
        }
        self.blob = blob
    }

    mutating func next() throws(Interruption) -> PackedValue? {
        guard position < blob.count else { throw .malformed("the end marker of a ziplist") }
        if blob[position] == Self.end { return try finish() }
        let start = position
        guard try lengthBefore() == lastBytes else { throw .malformed("the length of the ziplist element before") }
        let value = try element()
        lastStart = start
        lastBytes = position - start
        seen += 1
        return value
    }

    private func finish() throws(Interruption) -> PackedValue? {
        guard position == blob.count - 1 else { throw .malformed("the end marker at the end of a ziplist") }
        guard Int(little(UInt32.self, at: 4)) == lastStart else { throw .malformed("the offset of the last element of a ziplist") }
        let declared = little(UInt16.self, at: 8)
        guard declared == Self.uncounted || Int(declared) == seen else {
            throw .malformed("\(declared) elements in a ziplist, found \(seen)")
        }
        return nil
    }

    private mutating func lengthBefore() throws(Interruption) -> Int {
        let first = blob[position]
        guard first == 0xFE else {
            position += 1
            return Int(first)
        }
        try require(5)
        defer { position += 5 }
        return Int(little(UInt32.self, at: position + 1))
    }

    private mutating func element() throws(Interruption) -> PackedValue {
        try require(1)
        let first = blob[position]
        switch first >> 6 {
        case 0: return try text(header: 1, length: Int(first))
        case 1:
            try require(2)
            return try text(header: 2, length: Int(first & 0x3F) << 8 | Int(blob[position + 1]))
        case 2:
            try require(5)
            return try text(header: 5, length: Int(little(UInt32.self, at: position + 1).byteSwapped))
        default: return .number(try number(first))
        }
    }

    private mutating func number(_ first: UInt8) throws(Interruption) -> Int64 {
        switch first {
        case 0xC0: return Int64(try integer(Int16.self))
        case 0xD0: return Int64(try integer(Int32.self))
        case 0xE0: return try integer(Int64.self)
        case 0xF0:
            try require(4)
            // The encoding byte becomes the lowest of four, and is shifted out.
            defer { position += 4 }
            return Int64(little(Int32.self, at: position) >> 8)
        case 0xFE: return Int64(try integer(Int8.self))
        case 0xF1...0xFD:
            position += 1
            return Int64(first & 0x0F) - 1
        default: throw .malformed("the encoding of a ziplist element, found byte \(first)")
        }
    }

    private mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(Interruption) -> Value {
        let bytes = 1 + Value.bitWidth / 8
        try require(bytes)
        defer { position += bytes }
        return little(type, at: position + 1)
    }

    private mutating func text(header: Int, length: Int) throws(Interruption) -> PackedValue {
        try require(header + length)
        let start = position + header
        position = start + length
        return .text(UnsafeRawBufferPointer(rebasing: blob[start..<position]))
    }

    private func require(_ count: Int) throws(Interruption) {
        guard count <= blob.count - position else { throw .malformed("a ziplist element within the ziplist") }
    }

    private func little<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
        Value(littleEndian: blob.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
