import Testing

@testable import DumpFormat

@Suite("Deflate by ISA-L")
struct DeflaterTests {
    /// Whether it is depended on where in memory the compressor lay, and so on chance: each repetition that is found saves a byte or so.
    @Test(
        "A repetition of what begins at the third byte is found as one that begins at the fourth is",
        arguments: [Deflater.textLevel, Deflater.documentLevel], [100, 300])
    func thirdByte(level: UInt32, length: Int) throws {
        var random = SeededNumbers(seed: 1)
        var (third, fourth) = (0, 0)
        for _ in 0..<200 {
            let words = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            third += try deflated([[1, 2] + words + words], level).count
            fourth += try deflated([[1, 2, 3] + words + words], level).count
        }
        #expect(fourth - third > 150)
    }

    @Test("Pieces of any length, also none, come back as one text", arguments: [0, 1, 287, 288, 289, 290, 291, 577, 578, 70_000])
    func pieces(length: Int) throws {
        var random = SeededNumbers(seed: UInt64(length))
        let text = (0..<length).map { _ in UInt8.random(in: 97...103, using: &random) }
        for size in [1, 100, 288, 289, 290, length + 1] {
            let starts = stride(from: 0, to: length, by: size)
            let pieces = starts.map { Array(text[$0..<min($0 + size, length)]) }
            for padded in [pieces + [[]], [[], []] + pieces, pieces] where !padded.isEmpty {
                #expect(try inflated(try deflated(padded), count: length) == text, "pieces of \(size)")
            }
        }
    }

    private func inflated(_ body: [UInt8], count: Int) throws -> [UInt8] {
        var text = [UInt8](repeating: 0, count: count)
        try body.withRawBytes { (body) throws(DumpFormatError) in
            try text.withMutableRawBytes { (text) throws(DumpFormatError) in try Inflater().expand(body, into: text) }
        }
        return text
    }

    private func deflated(_ pieces: [[UInt8]], _ level: UInt32 = Deflater.textLevel) throws -> [UInt8] {
        let deflater = Deflater(level: level)
        deflater.begin()
        var output: [UInt8] = []
        for (number, piece) in pieces.enumerated() {
            try piece.withRawBytes { (piece) throws(DumpFormatError) in
                try deflater.feed(piece, isLast: number == pieces.count - 1, into: &output)
            }
        }
        return output
    }
}
