import DumpFormat
import DumpSamples

/// A dump in memory, and where in it everything lies.
struct DumpAnatomy: Sendable {
    let bytes: [UInt8]
    /// Members with text, in the order of the file.
    private(set) var members: [Member] = []
    private(set) var padding: [Range<Int>] = []
    private(set) var index: Range<Int>
    private(set) var closing: Range<Int>

    struct Member: Sendable {
        let range: Range<Int>
        let place: DumpPlace
        /// From zero within its run.
        let number: Int
    }

    init(_ bytes: [UInt8]) async throws {
        self.bytes = bytes
        let reader = try await DumpReader(bytes: bytes)
        let ends = reader.index.runs.map { $0.offset + $0.compressedBytes } + reader.padding.map(\.upperBound)
        let indexStart = Int(ends.max() ?? 0)
        (index, closing) = (indexStart..<indexStart, bytes.count..<bytes.count)
        padding = reader.padding.map { Int($0.lowerBound)..<Int($0.upperBound) }
        try await findMembers(reader)
        try await findEnd(reader, from: indexStart)
    }

    /// The members of table data.
    var dataMembers: [Member] {
        members.filter { if case .segment = $0.place { true } else { false } }
    }

    var scriptMembers: [Member] {
        members.filter { if case .script = $0.place { true } else { false } }
    }

    /// Runs of table data with more than one member.
    var longRuns: [[Member]] {
        Dictionary(grouping: dataMembers, by: \.place).values.filter { $0.count > 1 }
            .sorted { $0[0].range.lowerBound < $1[0].range.lowerBound }
    }

    private mutating func findMembers(_ reader: DumpReader) async throws {
        for part in reader.index.scripts { try await take(reader.cursor(over: part), .script(part.kind)) }
        for table in reader.index.tables {
            for (number, segment) in table.segments.enumerated() {
                try await take(reader.cursor(over: segment), .segment(number, of: table.qualifiedName))
            }
        }
        members.sort { $0.range.lowerBound < $1.range.lowerBound }
    }

    private mutating func take(_ cursor: MemberCursor, _ place: DumpPlace) async throws {
        while let member = try await cursor.next() {
            let start = Int(member.offset)
            members.append(Member(range: start..<(start + member.compressedBytes), place: place, number: member.number))
        }
    }

    private mutating func findEnd(_ reader: DumpReader, from indexStart: Int) async throws {
        let scan = reader.scan(Int64(indexStart)..<Int64(bytes.count), maxTextBytes: 0)
        while let piece = try await scan.next() {
            guard case .empty(let offset, let count, true) = piece else { continue }
            index = indexStart..<Int(offset)
            closing = Int(offset)..<(Int(offset) + count)
        }
    }
}
