import Testing

@testable import DumpFormat

struct MemberEncoderTests {
    /// Whoever bounds what waits for a slow store counts the bytes of the members; room beyond them would be memory nobody counts.
    @Test(arguments: Container.allCases)
    func aMemberHoldsNoMoreMemoryThanItIsLong(container: Container) throws {
        let encoder = MemberEncoder(container: container)
        var numbers = SeededNumbers(seed: 1)
        let long = (0..<1 << 20).map { _ in UInt8.random(in: .min ... .max, using: &numbers) }
        _ = try long.withRawBytes { (bytes) throws(DumpFormatError) in try encoder.encode([bytes]) }
        let short = try long[..<1000].withUnsafeBytes { try encoder.encode([$0]) }
        // The allocator rounds up.
        #expect(short.capacity < short.count + 4096)
    }
}
