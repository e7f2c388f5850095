import BackupModel
import Testing

@Suite("Bytes in hexadecimal digits")
struct HexadecimalTests {
    @Test("Every byte has two of them")
    func digits() {
        let bytes: [UInt8] = [0, 9, 16, 171, 255]
        #expect(bytes.hexadecimal == "000910abff" && bytes.prefix(0).hexadecimal.isEmpty)
    }
}
