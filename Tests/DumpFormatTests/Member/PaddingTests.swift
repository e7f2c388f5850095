import Testing

@testable import DumpFormat

struct PaddingTests {
    @Test
    func isAnEmptyMemberOfZeros() {
        let padding = Padding.bytes(from: 4_096 - 37, container: .gzip)
        let expected: [UInt8] = [
            0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 15, 0, 0x43, 0x4c, 4, 0, 37, 0, 0, 0, 0x43, 0x50, 3, 0, 0, 0, 0,
            3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ]
        #expect(padding == expected)
        let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 15, 0, 0, 0, 0x43, 0x4c, 4, 0, 23, 0, 0, 0, 0x43, 0x50, 3, 0, 0, 0, 0]
        #expect(Padding.bytes(from: 8_192 - 23, container: .zstd) == skippable)
    }

    @Test(arguments: Container.allCases)
    func endsAtTheNextBoundaryWithRoomForIt(container: Container) throws {
        let least = Int64(container.emptyMemberBytes(contentBytes: 0))
        let wrong = (Int64(0)...8_200).filter { position in
            let end = Padding.end(from: position, container: container)
            let isRight = end % 4_096 == 0 && (end == position || (least..<(4_096 + least)).contains(end - position))
            return !isRight || Padding.bytes(from: position, container: container).count != Int(end - position)
        }
        #expect(wrong.isEmpty)
        let bytes = Padding.bytes(from: 4_095, container: container)
        #expect(try text(of: bytes, container).isEmpty)
    }
}
