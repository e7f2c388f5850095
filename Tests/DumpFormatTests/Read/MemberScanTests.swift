import DumpFormat
import DumpSamples
import Testing

struct MemberScanTests {
    private func pieces(_ bytes: [UInt8], _ container: Container) async throws -> [MemberScan.Piece] {
        let file = BytesInMemory(bytes)
        let scan = MemberScan(0..<file.byteCount, container: container) { try await file.read(at: $0, count: $1) }
        var pieces: [MemberScan.Piece] = []
        while let piece = try await scan.next() { pieces.append(piece) }
        return pieces
    }

    @Test(arguments: Container.allCases)
    func coversEveryByteOnce(container: Container) async throws {
        let bytes = try SampleDump.small(container).write().bytes
        var numbers = SeededNumbers(seed: 4)
        for damages in 0..<40 {
            var damaged = bytes
            for _ in 0..<damages { damaged[Int.random(in: damaged.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers) }
            var position: Int64 = 0
            for piece in try await pieces(damaged, container) {
                let range = piece.range
                #expect(range.lowerBound == position)
                #expect(!range.isEmpty)
                position = range.upperBound
            }
            #expect(position == Int64(bytes.count))
        }
    }

    @Test(arguments: Container.allCases)
    func findsTheMembersBehindDamage(container: Container) async throws {
        let written = try SampleDump.small(container).write()
        let whole = try await pieces(written.bytes, container)
        var damaged = written.bytes
        damaged.replaceSubrange(0..<20, with: [UInt8](repeating: 0, count: 20))
        let found = try await pieces(damaged, container)
        #expect(found.count == whole.count)
        #expect(found.dropFirst().map(\.range) == whole.dropFirst().map(\.range))
        guard case .damaged(_, .memberHeaderDamaged) = found.first else {
            Issue.record("the first member is not called damaged")
            return
        }
    }
}

extension MemberScan.Piece {
    fileprivate var range: Range<Int64> {
        switch self {
        case .text(let member): member.offset..<(member.offset + Int64(member.compressedBytes))
        case .empty(let offset, let bytes, _): offset..<(offset + Int64(bytes))
        case .damaged(let range, _): range
        }
    }
}
