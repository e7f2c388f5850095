import Testing

@testable import DumpFormat

struct ClosingMemberTests {
    private let closing = ClosingMember(indexOffset: 0x0102_0304, indexBytes: 700, jsonBytes: 2_000, indexChecksum: 0xabcd)

    @Test
    func hasAFixedForm() {
        let bytes = closing.bytes(container: .gzip)
        #expect(bytes.count == 94)
        let start: [UInt8] = [
            0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 72, 0, 0x43, 0x4c, 4, 0, 94, 0, 0, 0, 0x43, 0x45, 60, 0, 1, 0, 0, 0, 4, 3, 2, 1, 0, 0, 0,
            0,
        ]
        #expect(Array(bytes.prefix(start.count)) == start)
        #expect(closing.bytes(container: .zstd).count == 80)
    }

    @Test(arguments: Container.allCases)
    func isReadBack(container: Container) throws {
        let bytes = closing.bytes(container: container)
        #expect(try ClosingMember(endOf: [9, 9, 9] + bytes, container: container) == closing)
        #expect(try ClosingMember(endOf: bytes + [0], container: container) == nil)
        #expect(try ClosingMember(endOf: Array(bytes.dropFirst()), container: container) == nil)
    }

    @Test(arguments: Container.allCases)
    func refusesAnyOtherByte(container: Container) {
        let bytes = closing.bytes(container: container)
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x20
            let read = try? ClosingMember(endOf: damaged, container: container)
            #expect(read == .some(nil) || read == nil)
        }
    }
}
