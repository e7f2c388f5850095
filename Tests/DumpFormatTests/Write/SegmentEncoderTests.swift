import DumpFormat
import Testing

struct SegmentEncoderTests {
    @Test
    func writesAGzipMemberWithItsLength() throws {
        let (members, summary) = try segment(["1\n"])
        let member = try #require(members.first)
        let length = UInt8(member.count)
        // ID1 ID2, deflate, FEXTRA, no time, no flags, unknown system, 8 bytes of extra field: "CL", 4 bytes, the member's length.
        let header: [UInt8] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 8, 0, 0x43, 0x4c, 4, 0, length, 0, 0, 0]
        #expect(Array(member.prefix(20)) == header)
        #expect(Array(member.suffix(4)) == [29, 0, 0, 0])
        #expect(try text(of: member, .gzip) == Array("COPY t (a) FROM stdin;\n1\n\\.\n\n".utf8))
        #expect(summary.checksum == Checksum.hex(of: member))
        #expect(summary.compressedBytes == Int64(member.count))
    }

    @Test
    func writesAZstdFrameBehindASkippableOne() throws {
        let (members, _) = try segment(["1\n"], .zstd)
        let member = try #require(members.first)
        let header: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 8, 0, 0, 0, 0x43, 0x4c, 4, 0, UInt8(member.count), 0, 0, 0, 0x28, 0xb5, 0x2f, 0xfd]
        #expect(Array(member.prefix(20)) == header)
        #expect(try text(of: member, .zstd) == Array("COPY t (a) FROM stdin;\n1\n\\.\n\n".utf8))
    }

    @Test(arguments: Container.allCases)
    func countsWhatItTakes(container: Container) throws {
        let rows = (0..<1_000).map { "\($0)\ttext\n" }
        let (members, summary) = try segment(rows, container, memberBytes: 1_000)
        #expect(summary.rows == 1_000)
        #expect(summary.rowBytes == Int64(rows.joined().utf8.count))
        #expect(summary.members == members.count)
        #expect(summary.plainBytes == summary.rowBytes + Int64(members.count) * 27)
        #expect(summary.checksum == Checksum.hex(of: members.flatMap { $0 }))
        for member in members { #expect(try text(of: member, container).count <= 1_000) }
    }

    @Test
    func endsMembersByTheRowsAlone() throws {
        // 27 bytes of statement and end marker leave room for 73.
        let lengths = { (rows: [Int]) in
            try segment(rows.map { String(repeating: "x", count: $0 - 1) + "\n" }, memberBytes: 100).members.map {
                try text(of: $0, .gzip).count - 27
            }
        }
        #expect(try lengths([73]) == [73])
        #expect(try lengths([40, 33]) == [73])
        #expect(try lengths([40, 34]) == [40, 34])
        #expect(try lengths([74]) == [74])
        #expect(try lengths([10, 500, 10, 10]) == [10, 500, 20])
        #expect(try lengths([500, 500]) == [500, 500])
    }

    @Test(arguments: Container.allCases)
    func givesTheSameBytesForTheSameRows(container: Container) throws {
        var numbers = SeededNumbers(seed: 1)
        let rows = (0..<3_000).map { _ in "\(UInt32.random(in: 0...9_999, using: &numbers))\tcall\n" }
        let first = try segment(rows, container, memberBytes: 10_000)
        // The encoder of a member that follows another starts from nothing: an equal member later in a segment is equal in bytes.
        let again = try segment(rows + rows, container, memberBytes: 10_000)
        #expect(try segment(rows, container, memberBytes: 10_000).members == first.members)
        #expect(Array(again.members.prefix(first.members.count - 1)) == first.members.dropLast())
    }

    @Test
    func makesNothingOfNoRows() throws {
        let (members, summary) = try segment([String]())
        #expect(members.isEmpty)
        #expect(summary.checksum == Checksum().hex)
        #expect(summary.compressedBytes == 0)
    }

    @Test(arguments: ["", "x", "\\.\n"])
    func refusesWhatIsNoRow(row: String) {
        #expect(throws: DumpFormatError(.rowMalformed, rows: 0..<0)) { try segment([row]) }
    }

    @Test(arguments: Container.allCases)
    func takesRowsOfAHundredMegabytes(container: Container) throws {
        var numbers = SeededNumbers(seed: 2)
        let pattern = (0..<4_099).map { _ in UInt8.random(in: 0x20...0x7e, using: &numbers) }
        var row = [UInt8](repeating: 0, count: 100_000_001)
        row.withUnsafeMutableBytes { bytes in
            pattern.withUnsafeBytes { pattern in
                for start in stride(from: 0, to: bytes.count, by: pattern.count) {
                    let count = min(pattern.count, bytes.count - start)
                    UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + count)]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: pattern[..<count]))
                }
            }
        }
        row[100_000_000] = 0x0a
        let (members, summary) = try segment([Array("a\n".utf8), row, Array("b\n".utf8)], container)
        #expect(members.count == 3)
        #expect(summary.rows == 3)
        let big = try text(of: members[1], container)
        #expect(big.count == row.count + 27)
        let isWhole = Array(big[23..<(23 + row.count)]) == row
        #expect(isWhole)
    }
}
