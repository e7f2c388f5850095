/// The bytes around the text of a member; all of them are fixed but the lengths and the checksum.
extension Container {
    /// Header bytes of a member with text: the wrapping and the length subfield.
    var textHeaderBytes: Int { wrapBytes + Subfield.lengthBytes }

    /// Bytes after the compressed text.
    var trailerBytes: Int {
        switch self {
        case .gzip: 8
        case .zstd: 0
        }
    }

    /// A member with text begins like this; the compressed text and the trailer follow.
    func textHeader(memberBytes: UInt32) -> [UInt8] {
        wrap(subfieldBytes: Subfield.lengthBytes) + Subfield.length(memberBytes).bytes
    }

    /// A member without text that carries one subfield beside its length.
    func emptyMember(_ subfield: Subfield) -> [UInt8] {
        let memberBytes = emptyMemberBytes(contentBytes: subfield.content.count)
        let subfields = Subfield.length(UInt32(memberBytes)).bytes + subfield.bytes
        return wrap(subfieldBytes: subfields.count) + subfields + emptyBody
    }

    /// The whole length of an empty member.
    func emptyMemberBytes(contentBytes: Int) -> Int {
        textHeaderBytes + Subfield.headBytes + contentBytes + emptyBody.count
    }

    /// Where the content of the second subfield of an empty member begins.
    var emptyContentOffset: Int { textHeaderBytes + Subfield.headBytes }

    /// Bytes before the subfields.
    private var wrapBytes: Int {
        switch self {
        case .gzip: 12
        case .zstd: 8
        }
    }

    /// Deflate of nothing, CRC-32 of nothing, length zero; a skippable frame needs none of it.
    private var emptyBody: [UInt8] {
        switch self {
        case .gzip: [0x03, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]
        case .zstd: []
        }
    }

    private func wrap(subfieldBytes: Int) -> [UInt8] {
        switch self {
        case .gzip:
            // ID1 ID2, CM deflate, FLG FEXTRA, MTIME 0, XFL 0, OS unknown, XLEN.
            [0x1f, 0x8b, 0x08, 0x04, 0, 0, 0, 0, 0, 0xff] + [UInt8](littleEndian: UInt16(subfieldBytes))
        case .zstd:
            [UInt8](littleEndian: UInt32(0x184D_2A50)) + [UInt8](littleEndian: UInt32(subfieldBytes))
        }
    }
}
