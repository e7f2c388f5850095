extension Array where Element == UInt8 {
    init(littleEndian value: some FixedWidthInteger) {
        self = Swift.withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    init(bigEndian value: some FixedWidthInteger) {
        self = Swift.withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    mutating func replace(at offset: Int, withLittleEndian value: some FixedWidthInteger) {
        replaceSubrange(offset..<(offset + value.bitWidth / 8), with: [UInt8](littleEndian: value))
    }
}

extension UnsafeRawBufferPointer {
    /// The caller has checked that the bytes are there.
    func littleEndian<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
        Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
