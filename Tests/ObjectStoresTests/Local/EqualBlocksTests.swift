import Testing

@testable import ObjectStores

@Suite("Blocks that are the same")
struct EqualBlocksTests {
    private static let bytes = (0..<8 * EqualBlocks.blockBytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

    private func stretches(differingAt places: Int...) -> [EqualBlocks.Stretch] {
        var others = Self.bytes
        for place in places { others[place] ^= 1 }
        return EqualBlocks.stretches(Self.bytes, others)
    }

    @Test("One stretch where all are the same, or all different")
    func whole() {
        #expect(stretches() == [.init(range: 0..<32_768, isEqual: true)])
        #expect(EqualBlocks.stretches(Self.bytes, Self.bytes.map { ~$0 }) == [.init(range: 0..<32_768, isEqual: false)])
        #expect(EqualBlocks.stretches([], []).isEmpty)
    }

    @Test("A byte that differs costs its block, be it the first or the last one in it")
    func single() {
        for place in [8192, 12_287] {
            #expect(
                stretches(differingAt: place) == [
                    .init(range: 0..<8192, isEqual: true), .init(range: 8192..<12_288, isEqual: false),
                    .init(range: 12_288..<32_768, isEqual: true),
                ])
        }
        #expect(
            stretches(differingAt: 0, 4096, 32_767) == [
                .init(range: 0..<8192, isEqual: false), .init(range: 8192..<28_672, isEqual: true),
                .init(range: 28_672..<32_768, isEqual: false),
            ])
    }
}
