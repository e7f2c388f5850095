/// The bytes at hand, read front to back.
///
/// Nothing here trusts a length that the file declares: bytes are handed out when they have arrived.
struct ByteInput {
    // Unsafe, because a span cannot be kept in the parser while its many small functions run. The pointer is set for the duration of one call
    // of the reader; every access below is checked against `count`.
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    /// The offset in the file of the first of the bytes.
    private let origin: Int64

    init(_ bytes: UnsafeRawBufferPointer, origin: Int64) {
        self.bytes = bytes
        self.origin = origin
    }

    var available: Int { bytes.count - position }
    var offset: Int64 { origin + Int64(position) }

    mutating func byte() throws(Interruption) -> UInt8 {
        guard position < bytes.count else { throw .needsMore(1) }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func take(_ count: Int) throws(Interruption) -> UnsafeRawBufferPointer {
        guard count <= available else { throw .needsMore(count - available) }
        return takeAvailable(count)
    }

    /// At most `count` bytes, as many as there are.
    mutating func takeAvailable(_ count: Int) -> UnsafeRawBufferPointer {
        let taken = min(count, available)
        defer { position += taken }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + taken)])
    }

    mutating func littleEndian<Value: FixedWidthInteger>(_ type: Value.Type) throws(Interruption) -> Value {
        Value(littleEndian: try take(Value.bitWidth / 8).loadUnaligned(as: Value.self))
    }

    mutating func bigEndian<Value: FixedWidthInteger>(_ type: Value.Type) throws(Interruption) -> Value {
        Value(bigEndian: try take(Value.bitWidth / 8).loadUnaligned(as: Value.self))
    }

    mutating func rewind(to position: Int) {
        self.position = position
    }
}

// MARK: Lengths

extension ByteInput {
    enum Length {
        case plain(UInt64)
        /// The number of a special encoding of strings.
        case encoded(UInt8)
    }

    /// Two bits say how: 6, 14, 32 or 64 bits of length, or a special encoding.
    mutating func lengthOrEncoding() throws(Interruption) -> Length {
        let first = try byte()
        switch first >> 6 {
        case 0: return .plain(UInt64(first))
        case 1: return .plain(UInt64(first & 0x3F) << 8 | UInt64(try byte()))
        case 3: return .encoded(first & 0x3F)
        default: return .plain(try wideLength(first))
        }
    }

    private mutating func wideLength(_ first: UInt8) throws(Interruption) -> UInt64 {
        switch first {
        case 0x80: UInt64(try bigEndian(UInt32.self))
        case 0x81: try bigEndian(UInt64.self)
        default: throw .malformed("a length, found byte \(first)")
        }
    }

    mutating func length() throws(Interruption) -> UInt64 {
        guard case .plain(let length) = try lengthOrEncoding() else { throw .malformed("a length, found an encoded string") }
        return length
    }
}
