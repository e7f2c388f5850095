/// Turns whole members of a container back into text, one at a time.
final class MemberDecoder {
    private let container: Container
    private let expander: any BodyExpander

    init(container: Container) {
        self.container = container
        expander =
            switch container {
            case .gzip: Inflater()
            case .zstd: ZstdExpander()
            }
    }

    /// Writes the text of a member to the start of `buffer`, which grows when it has to, and returns its length.
    ///
    /// Lengths come from the file, so nothing is allocated beyond `maxTextBytes` or beyond what the body can hold at all.
    func decode(_ member: UnsafeRawBufferPointer, maxTextBytes: Int, into buffer: inout [UInt8]) throws(DumpFormatError) -> Int {
        let bodyEnd = member.count - container.trailerBytes
        guard bodyEnd > container.textHeaderBytes else { throw DumpFormatError(.memberTruncated) }
        let body = UnsafeRawBufferPointer(rebasing: member[container.textHeaderBytes..<bodyEnd])
        let textBytes = try textBytes(of: member, body: body)
        guard textBytes <= maxTextBytes, textBytes <= (body.count + 16) * container.maxExpansion else {
            throw DumpFormatError(.memberTextMismatch)
        }
        if buffer.count < textBytes { buffer = [UInt8](repeating: 0, count: textBytes) }
        try expand(body, to: textBytes, into: &buffer)
        if container == .gzip { try check(buffer, textBytes, against: member, at: bodyEnd) }
        return textBytes
    }

    private func textBytes(of member: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer) throws(DumpFormatError) -> Int {
        switch container {
        case .gzip: return Int(member.littleEndian(UInt32.self, at: member.count - 4))
        case .zstd:
            guard let size = ZstdExpander.textBytes(in: body), let textBytes = Int(exactly: size) else {
                throw DumpFormatError(.memberBodyDamaged)
            }
            return textBytes
        }
    }

    private func expand(_ body: UnsafeRawBufferPointer, to textBytes: Int, into buffer: inout [UInt8]) throws(DumpFormatError) {
        try buffer.withMutableRawBytes { (bytes) throws(DumpFormatError) in
            try expander.expand(body, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<textBytes]))
        }
    }

    private func check(
        _ buffer: [UInt8], _ textBytes: Int, against member: UnsafeRawBufferPointer, at trailer: Int
    ) throws(DumpFormatError) {
        let crc = buffer.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[..<textBytes]).gzipCRC() }
        guard crc == member.littleEndian(UInt32.self, at: trailer) else { throw DumpFormatError(.memberTextMismatch) }
    }
}

extension Container {
    /// How many bytes of text one byte of a body can stand for at the most: 258 bytes in 2 bits, 128 KiB in a block of 4 bytes.
    var maxExpansion: Int {
        switch self {
        case .gzip: 1_040
        case .zstd: 33_000
        }
    }

    /// The whole length of the member with text that begins here, nil when none does.
    func textMemberBytes(at bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= textHeaderBytes else { return nil }
        let length = bytes.littleEndian(UInt32.self, at: textHeaderBytes - 4)
        let expected = textHeader(memberBytes: length)
        guard bytes[..<textHeaderBytes].elementsEqual(expected), length > textHeaderBytes + trailerBytes else { return nil }
        return Int(length)
    }
}
