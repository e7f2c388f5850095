import DumpFormat
import Testing

struct GzipCompressorTests {
    private func compress(_ bytes: [UInt8], pieces: Int) throws -> [UInt8] {
        let compressor = GzipCompressor()
        var file: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) { file += try compressor.compress(Array(bytes[start...].prefix(pieces))) }
        return file + (try compressor.finish())
    }

    private func expand(_ file: [UInt8]) throws -> [UInt8] {
        let expander = Container.gzip.streamExpander()
        var bytes: [UInt8] = []
        try file.withUnsafeBytes { try expander.expand($0) { bytes.append(contentsOf: $0) } }
        try expander.finish()
        return bytes
    }

    @Test(arguments: [0, 1, 1000, 3_000_000], [1, 4096, 1 << 20]) func oneMemberHoldsTheWholeStream(count: Int, pieces: Int) throws {
        guard count / pieces <= 100_000 else { return }
        var numbers = SeededNumbers(seed: 3)
        let bytes = (0..<count).map { $0 % 3 == 0 ? UInt8.random(in: 0...255, using: &numbers) : UInt8($0 >> 10 & 255) }
        let file = try compress(bytes, pieces: pieces)
        #expect(try expand(file) == bytes)
        // Header of RFC 1952 without name and time: the same bytes give the same file.
        #expect(file.prefix(4) == [0x1f, 0x8b, 8, 0] && file[4..<8].allSatisfy { $0 == 0 })
        #expect(try compress(bytes, pieces: pieces) == file)
    }
}
