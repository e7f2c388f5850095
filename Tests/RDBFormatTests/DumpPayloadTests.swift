import RDBFormat
import Testing

struct DumpPayloadTests {
    private func payload(_ type: RDBValueType, _ parts: [[UInt8]], version: Int) -> [UInt8] {
        var payload = DumpPayload(type: type, version: version)
        for part in parts { part.withUnsafeBytes { payload.add($0) } }
        return payload.head + parts.joined() + payload.trailer
    }

    /// `SET mykey 10`, `DUMP mykey` in the documentation of Redis.
    @Test(arguments: [[[0xC0, 0x0A]], [[0xC0], [], [0x0A]]] as [[[UInt8]]])
    func isWhatDumpAnswers(parts: [[UInt8]]) {
        let documented: [UInt8] = [0x00, 0xC0, 0x0A, 0x09, 0x00, 0xBE, 0x6D, 0x06, 0x89, 0x5A, 0x28, 0x00, 0x0A]
        #expect(payload(.string, parts, version: 9) == documented)
        #expect(documented.count == 2 + DumpPayload.overhead)
    }

    @Test
    func writesValkeysHashWithItsOwnNumber() {
        #expect(payload(.valkeyHash2, [[0]], version: 80).prefix(4) == [22, 0, 80, 0])
    }
}
