import NIOCore

extension ByteBuffer {
    /// Takes as much as fits into a piece of that size.
    /// - Returns: what does not fit.
    mutating func fill(with bytes: ArraySlice<UInt8>, upTo size: Int) -> ArraySlice<UInt8> {
        let taken = bytes.prefix(size - readableBytes)
        // Small files stay small; what has outgrown that becomes a piece of known size.
        if capacity < size, readableBytes + bytes.count > 256 << 10 { reserveCapacity(size) }
        writeBytes(taken)
        return bytes.dropFirst(taken.count)
    }
}
