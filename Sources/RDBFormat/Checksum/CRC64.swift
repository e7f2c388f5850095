import CISAL

/// The checksum of RDB files and DUMP payloads: CRC-64 with the polynomial of Jones, reflected, from 0, not inverted.
package enum CRC64 {
    /// ISA-L inverts the register before and after; Redis does neither.
    package static func value(of bytes: UnsafeRawBufferPointer, after previous: UInt64 = 0) -> UInt64 {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return previous }
        return ~crc64_jones_refl(~previous, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }
}
