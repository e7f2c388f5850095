import Glibc

/// How members are recognised where no index says where they are.
extension Container {
    /// What the beginning of every member, with text or without, has in common, ends after this many bytes.
    var signatureBytes: Int { textHeaderBytes - 4 }

    func isSignature(at bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= signatureBytes else { return false }
        let header = textHeader(memberBytes: 0)
        let variable = extraLengthPlace
        return (0..<signatureBytes).allSatisfy { variable.contains($0) || bytes[$0] == header[$0] }
    }

    /// How far ahead the next signature stands, nil when none does.
    func distanceToSignature(in bytes: UnsafeRawBufferPointer) -> Int? {
        let first = Int32(textHeader(memberBytes: 0)[0])
        var place = 0
        while place + signatureBytes <= bytes.count, let base = bytes.baseAddress {
            guard let found = memchr(base + place, first, bytes.count - place) else { return nil }
            place = UnsafeRawPointer(found) - base
            if isSignature(at: UnsafeRawBufferPointer(rebasing: bytes[place...])) { return place }
            place += 1
        }
        return nil
    }

    /// The member without text that begins here, if its form is the one allowed; its content is not looked at.
    func emptyMember(at bytes: UnsafeRawBufferPointer) -> (id: [UInt8], bytes: Int)? {
        guard isSignature(at: bytes), bytes.count >= emptyMemberBytes(contentBytes: 0) else { return nil }
        let id = Array(bytes[textHeaderBytes..<(textHeaderBytes + 2)])
        let contentBytes = Int(bytes.littleEndian(UInt16.self, at: textHeaderBytes + 2))
        let memberBytes = emptyMemberBytes(contentBytes: contentBytes)
        guard let subfield = Subfield.ID(rawValue: String(decoding: id, as: UTF8.self)), bytes.count >= memberBytes,
            contentBytes <= Subfield.maxContentBytes
        else { return nil }
        let content = Array(bytes[emptyContentOffset..<(emptyContentOffset + contentBytes)])
        guard bytes[..<memberBytes].elementsEqual(emptyMember(Subfield(id: subfield, content: content))) else { return nil }
        return (id, memberBytes)
    }

    var maxEmptyMemberBytes: Int { emptyMemberBytes(contentBytes: Subfield.maxContentBytes) }

    /// The length of the extra field, the only part of the signature that varies.
    var extraLengthPlace: Range<Int> {
        switch self {
        case .gzip: 10..<12
        case .zstd: 4..<8
        }
    }
}
