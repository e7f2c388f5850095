import DumpFormat
import Foundation
import Testing

struct RowsDigestTests {
    /// xxHash's own test vector for no bytes at all.
    private let ofNothing = "99aa06d3014798d86001c324468d497f"

    private func digest(_ rows: [String]) -> RowsDigest {
        var digest = RowsDigest()
        for row in rows { Array(row.utf8).withUnsafeBytes { digest.add(row: $0) } }
        return digest
    }

    @Test
    func isTheHashOfASingleRow() {
        #expect(digest([]).description == String(repeating: "0", count: 32))
        #expect(digest([""]).description == ofNothing)
    }

    @Test
    func doesNotDependOnTheOrder() {
        #expect(digest(["a\t1", "b\t2", "c\\n"]) == digest(["c\\n", "a\t1", "b\t2"]))
        #expect(digest(["a", "a"]) != digest(["a"]))
        #expect(digest(["ab", "c"]) != digest(["a", "bc"]))
    }

    @Test
    func addsUpModulo2To128() {
        var sum = digest(["a", "b"])
        sum += digest(["c"])
        #expect(sum == digest(["c", "b", "a"]))
        var wrapped = RowsDigest(sum: .max)
        wrapped += RowsDigest(sum: 3)
        #expect(wrapped == RowsDigest(sum: 2))
    }

    @Test
    func isThirtyTwoHexDigitsInJSON() throws {
        let encoded = try JSONEncoder().encode([RowsDigest(sum: 0xabc)])
        #expect(String(decoding: encoded, as: UTF8.self) == "[\"00000000000000000000000000000abc\"]")
        #expect(try JSONDecoder().decode([RowsDigest].self, from: encoded) == [RowsDigest(sum: 0xabc)])
        for wrong in ["", "abc", String(repeating: "g", count: 32), "+" + String(repeating: "0", count: 31)] {
            #expect(RowsDigest(wrong) == nil)
        }
    }
}
