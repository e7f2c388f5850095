import DumpFormat
import Testing

struct ChecksumTests {
    @Test
    func isXXH3WithoutASeed() {
        #expect(Checksum().hex == "99aa06d3014798d86001c324468d497f")
    }

    @Test
    func doesNotDependOnThePieces() {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var pieces = Checksum()
        for start in stride(from: 0, to: bytes.count, by: 777) { pieces.update(Array(bytes[start...].prefix(777))) }
        #expect(pieces.hex == Checksum.hex(of: bytes))
    }
}
