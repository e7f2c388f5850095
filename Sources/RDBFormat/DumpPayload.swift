/// What DUMP gives and RESTORE takes: a value as in an RDB file, with its own version and checksum. Made around the value, which may be large and come
/// in parts: head, value, trailer.
package struct DumpPayload {
    /// Bytes of head and trailer.
    package static let overhead = 11

    /// Stands before the value: the byte before the key in the file.
    package let head: [UInt8]
    private let version: [UInt8]
    private var checksum: UInt64

    /// - Parameter version: of the file the value comes from. RESTORE refuses a version later than the server's own.
    package init(type: RDBValueType, version: Int) {
        head = [type.byte]
        self.version = withUnsafeBytes(of: UInt16(truncatingIfNeeded: version).littleEndian) { Array($0) }
        checksum = head.withUnsafeBytes { CRC64.value(of: $0) }
    }

    /// - Parameter part: of the bytes of `RDBKeyEnd.value`, in their order.
    package mutating func add(_ part: UnsafeRawBufferPointer) {
        checksum = CRC64.value(of: part, after: checksum)
    }

    /// Stands behind the value, once all of it was added.
    package var trailer: [UInt8] {
        let whole = version.withUnsafeBytes { CRC64.value(of: $0, after: checksum) }
        return version + withUnsafeBytes(of: whole.littleEndian) { Array($0) }
    }
}
