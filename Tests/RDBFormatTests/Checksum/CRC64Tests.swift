import RDBFormat
import Testing

struct CRC64Tests {
    @Test
    func isTheOneRedisUses() {
        #expect(Array("123456789".utf8).withUnsafeBytes { CRC64.value(of: $0) } == 0xe9c6_d914_c4b8_d9ca)
        #expect([UInt8]().withUnsafeBytes { CRC64.value(of: $0) } == 0)
    }

    /// Bit by bit, as the polynomial says.
    private func slow(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0) { crc, byte in
            (0..<8).reduce(crc ^ UInt64(byte)) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x95ac_9329_ac4b_c9b5 }
        }
    }

    @Test(arguments: [1, 7, 8, 15, 16, 63, 127, 128, 1_000, 5_000])
    func isTheSameForEveryLengthAndCut(count: Int) {
        var numbers = SeededNumbers(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        let cut = Int.random(in: 0...count, using: &numbers)
        let first = Array(bytes[..<cut]).withUnsafeBytes { CRC64.value(of: $0) }
        #expect(Array(bytes[cut...]).withUnsafeBytes { CRC64.value(of: $0, after: first) } == slow(bytes))
    }
}
