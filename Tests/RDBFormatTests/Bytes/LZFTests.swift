import RDBFormat
import Testing

struct LZFTests {
    private func reading(_ content: [UInt8], as compressed: [UInt8]) throws -> [UInt8] {
        var file = RDBFile()
        file.key(0, "text")
        file.raw([0xC3])
        file.length(UInt64(compressed.count))
        file.length(UInt64(content.count))
        file.raw(compressed)
        return try receive(file.closed(), into: StringCollector()).text
    }

    @Test(arguments: 0..<200)
    func givesBackWhatWasCompressed(seed: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let letters = UInt8.random(in: 0...8, using: &numbers)
        let content = (0..<Int.random(in: 1...20_000, using: &numbers)).map { _ in UInt8.random(in: 0...letters, using: &numbers) }
        #expect(try reading(content, as: lzfCompressed(content)) == content)
    }

    /// Above a quarter of a megabyte the text is made piece by piece.
    @Test(arguments: [1, 300, 65_536])
    func givesBackLongTextPieceByPiece(pieces: Int) throws {
        var numbers = SeededNumbers(seed: 9)
        let content = (0..<20).flatMap { _ in
            [UInt8](repeating: UInt8.random(in: 0...255, using: &numbers), count: Int.random(in: 1...30_000, using: &numbers))
                + (0..<9_000).map { _ in UInt8.random(in: 0...1, using: &numbers) }
        }
        var file = RDBFile()
        file.key(0, "text")
        file.compressed(content)
        #expect(content.count > 300_000)
        #expect(try receive(file.closed(), pieces: [pieces], into: StringCollector()).text == content)
    }

    @Test
    func repeatsWhatItWritesItself() throws {
        // One letter, then a reference one back for 264 bytes, then a literal, and a pair repeated.
        let compressed: [UInt8] = [0, 97, 0xE0, 0xFF, 0, 1, 98, 99, 0x60, 1]
        let content = [UInt8](repeating: 97, count: 265) + Array("bc".utf8) + Array("bcbcb".utf8)
        #expect(try reading(content, as: compressed) == content)
    }

    @Test(arguments: [
        ([UInt8(0)], 1), ([1, 65], 2), ([0x20, 0], 3), ([0, 65, 0x20, 5], 4), ([0, 65, 0xE0, 1], 10), ([0, 65, 0xE0], 10),
        ([0, 65, 0x20, 0], 3), ([0, 65, 0x20, 0], 5), ([0, 65, 0, 66], 1),
    ])
    func refusesWhatIsNoText(compressed: [UInt8], count: Int) {
        #expect(throws: RDBFormatError.self) { try reading([UInt8](repeating: 0, count: count), as: compressed) }
    }

    @Test
    func doesNotBelieveImpossibleLengths() throws {
        var file = RDBFile()
        file.key(2, "set")
        file.raw([1, 0xC3, 10])
        file.length(1_000)
        file.raw([UInt8](repeating: 0, count: 100))
        guard case .malformed? = refusal(of: file.closed())?.reason else {
            Issue.record("1000 bytes out of 10")
            return
        }
    }
}

private struct StringCollector: RDBReceiver {
    private(set) var text: [UInt8] = []

    mutating func receive(_ event: RDBEvent) {
        if case .stringPart(let part, _) = event { text.append(contentsOf: part) }
    }
}
