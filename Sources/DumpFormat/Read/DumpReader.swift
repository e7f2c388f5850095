/// Reads a dump from anything that gives ranges of bytes: the index with two or three reads, then any run member by member.
package struct DumpReader: Sendable {
    /// Gives exactly `count` bytes at `offset`, or throws.
    package typealias Read = @Sendable (_ offset: Int64, _ count: Int) async throws -> [UInt8]

    package let index: DumpIndex
    package let container: Container
    /// The whole length of the file in bytes.
    package let byteCount: Int64
    /// The gaps between runs; a verifier checks that they hold padding and nothing else.
    package let padding: [Range<Int64>]
    let read: Read

    /// The end of the file is read in one piece of this size: the index of a small dump comes with it.
    private static let tailBytes: Int64 = 32 << 10

    /// How far the end of the file has moved against where it was written: 0 in a whole file.
    package let shift: Int64

    /// Finds and checks the index. Throws `DumpFormatError` for what is wrong with the file and what `read` throws as it is.
    package init(byteCount: Int64, read: @escaping Read) async throws {
        try await self.init(salvaging: byteCount, read: read)
        guard shift == 0 else {
            throw DumpFormatError(.closingMemberDamaged("it was written for a file of \(byteCount - shift) bytes"), offset: byteCount)
        }
    }

    /// Finds and checks the index as `init(byteCount:read:)` does, also in a file that has lost or gained bytes before it.
    package init(salvaging byteCount: Int64, read: @escaping Read) async throws {
        let tailStart = max(byteCount - Self.tailBytes, 0)
        let tail = try await read(tailStart, Int(byteCount - tailStart))
        let (container, closing) = try Self.closingMember(endOf: tail)
        let indexStart = try Self.indexStart(closing, container: container, byteCount: byteCount)
        let pages =
            indexStart >= tailStart
            ? Array(tail[Int(indexStart - tailStart)...].prefix(Int(closing.indexBytes)))
            : try await read(indexStart, Int(closing.indexBytes))
        index = try Self.index(in: pages, closing: closing, container: container)
        padding = try index.checkLayout(container: container, end: Int64(closing.indexOffset))
        shift = indexStart - Int64(closing.indexOffset)
        self.container = container
        self.byteCount = byteCount
        self.read = read
    }

    /// Which container the first bytes of a file are the beginning of a segmented dump in, whole or not; 32 bytes decide.
    package static func container(beginning head: [UInt8]) -> Container? {
        Container.allCases.first { container in head.withUnsafeBytes { container.isSignature(at: $0) } }
    }

    private static func closingMember(endOf tail: [UInt8]) throws(DumpFormatError) -> (Container, ClosingMember) {
        for container in Container.allCases {
            if let closing = try ClosingMember(endOf: tail, container: container) { return (container, closing) }
        }
        throw DumpFormatError(.closingMemberMissing)
    }

    private static func indexStart(
        _ closing: ClosingMember, container: Container, byteCount: Int64
    ) throws(DumpFormatError) -> Int64 {
        let version = Int(closing.formatVersion)
        guard version == DumpIndex.currentFormatVersion else { throw DumpFormatError(.unknownFormatVersion(version)) }
        let end = byteCount - Int64(ClosingMember.byteCount(in: container))
        guard let indexBytes = Int64(exactly: closing.indexBytes), indexBytes <= end, closing.indexOffset <= Int64.max / 2 else {
            throw DumpFormatError(.closingMemberDamaged("its numbers are impossible"), offset: end)
        }
        return end - indexBytes
    }

    private static func index(in pages: [UInt8], closing: ClosingMember, container: Container) throws -> DumpIndex {
        guard pages.withUnsafeBytes({ Checksum.value(of: $0) }) == closing.indexChecksum else {
            throw DumpFormatError(.indexDamaged("it does not have its digest"), offset: Int64(closing.indexOffset))
        }
        let document = try IndexPages.document(in: pages, container: container)
        guard let jsonBytes = Int(exactly: closing.jsonBytes) else { throw DumpFormatError(.indexDamaged("its length is impossible")) }
        let json = try IndexPages.expand(document, jsonBytes: jsonBytes)
        do {
            return try DumpIndex(json: json)
        } catch let error as DecodingError {
            throw DumpFormatError(.indexDamaged("\(error)"), offset: Int64(closing.indexOffset))
        }
    }
}
