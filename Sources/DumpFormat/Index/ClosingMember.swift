/// The last member of a dump, of fixed size: where the index is, and the digests that make the end of the file certain.
struct ClosingMember: Equatable {
    var formatVersion = UInt32(DumpIndex.currentFormatVersion)
    /// Where the index pages begin: everything before is runs and padding.
    var indexOffset: UInt64
    /// The pages as they stand in the file.
    var indexBytes: UInt64
    /// The document before compression.
    var jsonBytes: UInt64
    /// XXH3-128 of the pages as they stand in the file.
    var indexChecksum: UInt128

    private static let contentBytes = 4 + 8 + 8 + 8 + 16 + 16

    static func byteCount(in container: Container) -> Int {
        container.emptyMemberBytes(contentBytes: contentBytes)
    }

    /// The member; its own digest covers it from its first byte up to the digest, and what follows is fixed.
    func bytes(container: Container) -> [UInt8] {
        var content = [UInt8](littleEndian: formatVersion) + [UInt8](littleEndian: indexOffset)
        content += [UInt8](littleEndian: indexBytes) + [UInt8](littleEndian: jsonBytes) + [UInt8](bigEndian: indexChecksum)
        let digestOffset = container.emptyContentOffset + content.count
        content += [UInt8](repeating: 0, count: 16)
        var member = container.emptyMember(Subfield(id: .closing, content: content))
        let digest = member[..<digestOffset].withUnsafeBytes { Checksum.value(of: $0) }
        member.replaceSubrange(digestOffset..<(digestOffset + 16), with: [UInt8](bigEndian: digest))
        return member
    }

    /// Reads the member that ends `tail`; nil when no closing member stands there, an error when one does but is damaged.
    init?(endOf tail: [UInt8], container: Container) throws(DumpFormatError) {
        let size = Self.byteCount(in: container)
        guard tail.count >= size else { return nil }
        let member = Array(tail.suffix(size))
        let start = container.emptyContentOffset
        let blank = container.emptyMember(Subfield(id: .closing, content: [UInt8](repeating: 0, count: Self.contentBytes)))
        guard member[..<start] == blank[..<start] else { return nil }
        (formatVersion, indexOffset, indexBytes, jsonBytes, indexChecksum) = member.withUnsafeBytes {
            (
                $0.littleEndian(UInt32.self, at: start), $0.littleEndian(UInt64.self, at: start + 4),
                $0.littleEndian(UInt64.self, at: start + 12), $0.littleEndian(UInt64.self, at: start + 20),
                UInt128(bigEndian: $0.loadUnaligned(fromByteOffset: start + 28, as: UInt128.self))
            )
        }
        guard bytes(container: container) == member else {
            throw DumpFormatError(.closingMemberDamaged("it does not have its own digest"))
        }
    }

    init(indexOffset: UInt64, indexBytes: UInt64, jsonBytes: UInt64, indexChecksum: UInt128) {
        self.indexOffset = indexOffset
        self.indexBytes = indexBytes
        self.jsonBytes = jsonBytes
        self.indexChecksum = indexChecksum
    }
}
