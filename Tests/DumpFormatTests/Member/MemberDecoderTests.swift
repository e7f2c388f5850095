import Testing

@testable import DumpFormat

/// Lengths that a damaged or hostile member claims are not believed.
struct MemberDecoderTests {
    private func decode(_ member: [UInt8], _ container: Container, maxTextBytes: Int = 1 << 20) throws -> [UInt8] {
        var buffer: [UInt8] = []
        let count = try member.withUnsafeBytes {
            try MemberDecoder(container: container).decode($0, maxTextBytes: maxTextBytes, into: &buffer)
        }
        #expect(buffer.count <= maxTextBytes)
        return Array(buffer[..<count])
    }

    @Test(arguments: Container.allCases)
    func refusesMoreTextThanExpected(container: Container) throws {
        let member = try segment([String(repeating: "x", count: 5_000) + "\n"], container).members[0]
        #expect(try decode(member, container, maxTextBytes: 5_028).count == 5_028)
        #expect(throws: DumpFormatError(.memberTextMismatch)) { try decode(member, container, maxTextBytes: 5_027) }
    }

    @Test
    func refusesALengthThatDeflateCannotReach() throws {
        var member = try segment(["x\n"]).members[0]
        member.replaceSubrange((member.count - 4)..., with: [0, 0, 0, 0x40])
        #expect(throws: DumpFormatError(.memberTextMismatch)) { try decode(member, .gzip, maxTextBytes: .max) }
    }

    @Test(arguments: Container.allCases)
    func survivesAnything(container: Container) throws {
        var numbers = SeededNumbers(seed: 3)
        let member = try segment((0..<200).map { "\($0)\n" }, container).members[0]
        for _ in 0..<3_000 {
            var damaged = member
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                damaged[Int.random(in: damaged.indices, using: &numbers)] = UInt8.random(in: .min ... .max, using: &numbers)
            }
            damaged.removeLast(Int.random(in: 0...min(5, damaged.count), using: &numbers))
            _ = try? decode(damaged, container, maxTextBytes: 10_000)
        }
    }
}
