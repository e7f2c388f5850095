/// What DUMP gives and RESTORE takes: a value as in an RDB file, with its own version and checksum.
package enum DumpPayload {
    /// - Parameters:
    ///   - type: the byte before the key in the file.
    ///   - value: the bytes of `RDBKeyEnd.value`.
    ///   - version: of the file the value comes from. RESTORE refuses a version later than the server's own.
    package static func bytes(type: RDBValueType, value: [UInt8], version: Int) -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(value.count + 11)
        payload.append(type.byte)
        payload.append(contentsOf: value)
        withUnsafeBytes(of: UInt16(truncatingIfNeeded: version).littleEndian) { payload.append(contentsOf: $0) }
        let checksum = payload.withUnsafeBytes { CRC64.value(of: $0) }
        withUnsafeBytes(of: checksum.littleEndian) { payload.append(contentsOf: $0) }
        return payload
    }
}
