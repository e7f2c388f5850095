import RDBFormat
import Testing

struct DumpPayloadTests {
    /// `SET mykey 10`, `DUMP mykey` in the documentation of Redis.
    @Test
    func isWhatDumpAnswers() {
        let documented: [UInt8] = [0x00, 0xC0, 0x0A, 0x09, 0x00, 0xBE, 0x6D, 0x06, 0x89, 0x5A, 0x28, 0x00, 0x0A]
        #expect(DumpPayload.bytes(type: .string, value: [0xC0, 0x0A], version: 9) == documented)
    }

    @Test
    func writesValkeysHashWithItsOwnNumber() {
        #expect(DumpPayload.bytes(type: .valkeyHash2, value: [0], version: 80).prefix(4) == [22, 0, 80, 0])
    }
}
