import CISAL

/// Turns text into whole members of a container, one at a time.
final class MemberEncoder {
    private let container: Container
    private let compressor: any BodyCompressor
    private var buffer: [UInt8] = []

    /// A buffer grown by an unusually large member is handed over instead of being kept.
    private static let keptBufferBytes = 4 << 20

    init(container: Container) {
        self.container = container
        compressor =
            switch container {
            case .gzip: Deflater()
            case .zstd: ZstdCompressor()
            }
    }

    /// One member whose text is the pieces one after another.
    func encode(_ pieces: [UnsafeRawBufferPointer]) throws(DumpFormatError) -> [UInt8] {
        buffer.removeAll(keepingCapacity: true)
        buffer += container.textHeader(memberBytes: 0)
        try compressor.compress(pieces, into: &buffer)
        if container == .gzip { try appendTrailer(pieces) }
        guard let memberBytes = UInt32(exactly: buffer.count) else { throw DumpFormatError(.memberTooLarge) }
        buffer.replace(at: container.textHeaderBytes - 4, withLittleEndian: memberBytes)
        return takeMember()
    }

    private func appendTrailer(_ pieces: [UnsafeRawBufferPointer]) throws(DumpFormatError) {
        var crc: UInt32 = 0
        var textBytes = 0
        for piece in pieces {
            crc = piece.gzipCRC(continuing: crc)
            textBytes += piece.count
        }
        guard let textBytes = UInt32(exactly: textBytes) else { throw DumpFormatError(.memberTooLarge) }
        buffer += [UInt8](littleEndian: crc)
        buffer += [UInt8](littleEndian: textBytes)
    }

    /// A copy of its own length: `[UInt8](buffer[...])` is the buffer itself with all its room, and a hundred members that wait for a slow store would
    /// hold several times the bytes they are counted with.
    private func takeMember() -> [UInt8] {
        guard buffer.count > Self.keptBufferBytes else { return buffer.withUnsafeBytes { [UInt8]($0) } }
        defer { buffer = [] }
        return buffer
    }
}

extension UnsafeRawBufferPointer {
    /// CRC-32 as gzip has it (RFC 1952, section 8).
    func gzipCRC(continuing crc: UInt32 = 0) -> UInt32 {
        guard let start = baseAddress else { return crc }
        return crc32_gzip_refl(crc, start.assumingMemoryBound(to: UInt8.self), UInt64(count))
    }
}
