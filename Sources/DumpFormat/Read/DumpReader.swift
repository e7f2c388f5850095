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

    /// Finds and checks the index. Throws `DumpFormatError` for what is wrong with the file and what `read` throws as it is.
    package init(byteCount: Int64, read: @escaping Read) async throws {
        let tailStart = max(byteCount - Self.tailBytes, 0)
        let tail = try await read(tailStart, Int(byteCount - tailStart))
        let (container, closing) = try Self.closingMember(endOf: tail)
        let (indexOffset, indexBytes) = try Self.place(of: closing, container: container, byteCount: byteCount)
        let pages =
            indexOffset >= tailStart
            ? Array(tail[Int(indexOffset - tailStart)...].prefix(indexBytes))
            : try await read(indexOffset, indexBytes)
        let index = try Self.index(in: pages, closing: closing, container: container)
        padding = try index.checkLayout(container: container, end: indexOffset)
        self.index = index
        self.container = container
        self.byteCount = byteCount
        self.read = read
    }

    /// Whether a file that begins with these bytes is meant to be a segmented dump, whole or not; 32 bytes decide.
    package static func container(beginning head: [UInt8]) -> Container? {
        Container.allCases.first { container in
            // Every member begins with the same bytes up to the length of its extra field, and the letters of the length subfield.
            let text = container.textHeader(memberBytes: 0).dropLast(4)
            let variable = container == .gzip ? 10..<12 : 4..<8
            return head.count >= text.count
                && zip(head, text).enumerated().allSatisfy { variable.contains($0.offset) || $0.element.0 == $0.element.1 }
        }
    }

    private static func closingMember(endOf tail: [UInt8]) throws(DumpFormatError) -> (Container, ClosingMember) {
        for container in Container.allCases {
            if let closing = try ClosingMember(endOf: tail, container: container) { return (container, closing) }
        }
        throw DumpFormatError(.closingMemberMissing)
    }

    private static func place(
        of closing: ClosingMember, container: Container, byteCount: Int64
    ) throws(DumpFormatError) -> (offset: Int64, bytes: Int) {
        let version = Int(closing.formatVersion)
        guard version == DumpIndex.currentFormatVersion else { throw DumpFormatError(.unknownFormatVersion(version)) }
        let end = UInt64(byteCount) - UInt64(ClosingMember.byteCount(in: container))
        let (sum, overflow) = closing.indexOffset.addingReportingOverflow(closing.indexBytes)
        guard !overflow, sum == end else {
            throw DumpFormatError(.closingMemberDamaged("it was written for a file of another length"), offset: Int64(end))
        }
        return (Int64(closing.indexOffset), Int(closing.indexBytes))
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
