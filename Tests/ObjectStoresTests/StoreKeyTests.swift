import BackupModel
import Testing

@testable import ObjectStores

@Suite("What stored files may be called")
struct StoreKeyTests {
    @Test("Names are neither empty nor hidden, nor do they lead into a folder", arguments: ["", ".", "..", ".hidden", "a/b", "/a", "a\0b"])
    func refused(key: String) {
        #expect(!StoreKey.isFlat(key) && !StoreKey.isForBuckets(key))
        #expect(StoreKey.refusal(of: key).message == "“\(key)” cannot be the name of a stored file")
    }

    @Test("Control characters are for folders alone", arguments: ["a\nb", "\u{1f}"])
    func controls(key: String) { #expect(StoreKey.isFlat(key) && !StoreKey.isForBuckets(key)) }

    @Test("Other signs are nobody's matter", arguments: ["a", "call_center-20260214T020000Z.sql.gz", "имя файла", "a..b", "a\\b"])
    func admitted(key: String) { #expect(StoreKey.isFlat(key) && StoreKey.isForBuckets(key)) }
}
