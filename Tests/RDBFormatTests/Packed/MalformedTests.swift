import RDBFormat
import Testing

/// Blobs with right checksums and wrong insides.
struct MalformedTests {
    private func reason(_ type: UInt8, _ blob: [UInt8]) -> RDBFormatError.Reason? {
        var file = RDBFile(magic: "REDIS0012")
        file.packed(type, "k", blob)
        return refusal(of: file.closed())?.reason
    }

    private func isMalformed(_ reason: RDBFormatError.Reason?) -> Bool {
        if case .malformed? = reason { true } else { false }
    }

    static let listpack = Packed.listpack(["field", 5, "other", 1_000, "xyxy", .text([UInt8](repeating: 1, count: 200))])
    static let ziplist = Packed.ziplist(["field", 5, "other", 1_000, "xyxy", .text([UInt8](repeating: 1, count: 300)), "yxyx", 70_000])

    /// In these every byte that is no text is checked against another.
    @Test
    func everyStructuralByteMatters() {
        let texts = Set(Array("fieldotherxy".utf8) + [1])
        for (type, blob) in [(UInt8(16), Self.listpack), (13, Self.ziplist)] {
            #expect(reason(type, blob) == nil)
            for index in blob.indices where !texts.contains(blob[index]) {
                for change in [UInt8(1), 0x40, 0x80, 0xFF] {
                    var damaged = blob
                    damaged[index] ^= change
                    if damaged == blob { continue }
                    // A changed number is a changed number; anything else has to show.
                    if reason(type, damaged) == nil { #expect(isNumber(index, in: blob), "type \(type), byte \(index), \(change)") }
                }
            }
        }
    }

    /// Whether the byte is the content of one of the numbers above.
    private func isNumber(_ index: Int, in blob: [UInt8]) -> Bool {
        let numbers: [[UInt8]] = [
            [5], [0xC3, 0xE8], [0xF6], [0xC0, 0xE8, 0x03], [0xF0, 0x70, 0x11, 0x01],
        ]
        return numbers.contains { number in
            (0..<number.count).contains { shift in
                index >= shift && index - shift + number.count <= blob.count
                    && Array(blob[(index - shift)..<(index - shift + number.count)]) == number
            }
        }
    }

    @Test
    func everyTruncationShows() {
        for (type, blob) in [
            (UInt8(16), Self.listpack), (13, Self.ziplist), (11, Packed.intset([Int16(1), 2])), (9, Packed.zipmap([("a", "b")])),
        ] {
            for count in blob.indices { #expect(isMalformed(reason(type, Array(blob.prefix(count)))), "type \(type), \(count) bytes") }
            #expect(isMalformed(reason(type, blob + [0xFF])))
        }
    }

    @Test
    func pairsHaveToBePairs() {
        #expect(isMalformed(reason(16, Packed.listpack(["a"]))))
        #expect(isMalformed(reason(13, Packed.ziplist(["a"]))))
        #expect(isMalformed(reason(17, Packed.listpack(["a", 1, "b"]))))
        #expect(isMalformed(reason(23, Packed.listpack(["a", "b"]))))
        #expect(isMalformed(reason(17, Packed.listpack(["a", "no number"]))))
        #expect(isMalformed(reason(17, Packed.listpack(["a", "nan"]))))
    }

    @Test
    func numbersOfAnIntsetAscend() {
        #expect(reason(11, Packed.intset([Int32(1), 2])) == nil)
        #expect(isMalformed(reason(11, Packed.intset([Int32(2), 1]))))
        #expect(isMalformed(reason(11, Packed.intset([Int32(2), 2]))))
        #expect(isMalformed(reason(11, [3, 0, 0, 0, 0, 0, 0, 0])))
    }

    @Test
    func manyElementsAreNotCountedInTheHeader() throws {
        let items = (0..<70_000).map { Packed.Item.number(Int64($0)) }
        for (type, blob) in [(UInt8(20), Packed.listpack(items)), (10, Packed.ziplist(items))] {
            var file = RDBFile()
            file.packed(type, "k", blob)
            #expect(try survey(file.closed()).content.databases.first?.elements == 70_000)
        }
    }

    @Test(arguments: [0, 1, 63, 64, 126, 127, 128, 253, 254, 255, 4_095, 4_096, 16_379, 16_380, 16_383, 16_384, 20_000, 2_100_000])
    func textsOfEveryLengthAreRead(length: Int) throws {
        let text = [UInt8](repeating: 7, count: length)
        for (type, blob) in [(UInt8(20), Packed.listpack([.text(text), "x"])), (10, Packed.ziplist([.text(text), "x"]))] {
            var file = RDBFile()
            file.packed(type, "k", blob)
            #expect(try survey(file.closed()).content.databases.first?.elements == 2)
        }
    }

    @Test
    func aStreamNodeHasToAddUp() {
        let good: [Packed.Item] = [1, 0, 1, "f", 0, 2, 0, 0, "v", 4]
        let wrong: [[Packed.Item]] = [
            [2, 0, 1, "f", 0, 2, 0, 0, "v", 4], [1, 0, 2, "f", 0, 2, 0, 0, "v", 4], [1, 0, 1, "f", 1, 2, 0, 0, "v", 4],
            [1, 0, 1, "f", 0, 2, 0, 0, "v", 5], [1, 0, 1, "f", 0, 2, 0, 0], [1, 0, -1, 0], [],
            [.number(.max), .number(.max), 0, 0],
        ]
        #expect(nodeReason(good) == nil)
        for items in wrong { #expect(isMalformed(nodeReason(items)), "\(items)") }
    }

    private func nodeReason(_ items: [Packed.Item]) -> RDBFormatError.Reason? {
        var file = RDBFile()
        file.key(15, "stream")
        file.length(1)
        file.string([UInt8](repeating: 0, count: 16))
        file.string(Packed.listpack(items))
        file.raw([1, 0, 0, 0])
        return refusal(of: file.closed())?.reason
    }
}
