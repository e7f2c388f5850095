import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("CRC32C")
struct CRC32CTests {
    @Test("The check value of the definition, and the form Google gives it")
    func known() {
        #expect(CRC32C(of: Array("123456789".utf8)).value == 0xe306_9283)
        #expect(CRC32C(of: []).value == 0)
        #expect(CRC32C(of: []).base64 == "AAAAAA==")
        #expect(CRC32C(of: Array("hello world".utf8)).base64 == "yZRlqg==")
    }

    @Test("Pieces give what the whole gives, whatever their lengths", arguments: [1, 7, 64, 1000])
    func pieces(length: Int) {
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 3) }
        var sum = CRC32C()
        for begin in stride(from: 0, to: bytes.count, by: length) { sum.update(Array(bytes[begin..<min(begin + length, bytes.count)])) }
        #expect(sum.value == CastagnoliTable.checksum(bytes))
        #expect(sum == CRC32C(of: bytes[...]))
    }
}
