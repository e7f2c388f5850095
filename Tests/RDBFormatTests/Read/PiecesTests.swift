import RDBFormat
import Testing

/// However a file is cut, the same is found in it.
struct PiecesTests {
    private func check(_ bytes: [UInt8], pieces: [Int]) throws {
        let whole = try receive(bytes, into: EventLog())
        let cut = try receive(bytes, pieces: pieces, into: EventLog())
        #expect(cut.lines == whole.lines)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1_000])
    func doNotMatterInSamples(size: Int) throws {
        for file in SampleFile.all { try check(file.closed(), pieces: [size]) }
    }

    @Test
    func doNotMatterInTheCorpus() throws {
        var numbers = SeededNumbers(seed: 11)
        for name in try Fixture.rdbNames where name != "hash_zm_v2.rdb" && name != "ziplist_v3.rdb" {
            let bytes = withRightChecksum(try Fixture.bytes(name))
            for bound in [1, 5, 100, 5_000] {
                try check(bytes, pieces: (0..<50).map { _ in Int.random(in: 1...bound, using: &numbers) })
            }
        }
    }

    @Test
    func mayBeEmpty() throws {
        var reader = RDBReader(receiver: EventLog())
        try reader.read(UnsafeRawBufferPointer(start: nil, count: 0))
        try SampleFile.redis12().closed().withUnsafeBytes { try reader.read($0) }
        try reader.read(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(try reader.finish().checksum == .proved)
    }

    @Test(arguments: [1, 1_000, 65_536, Int.max])
    func doNotMatterInLongStrings(size: Int) throws {
        var numbers = SeededNumbers(seed: 3)
        let noise = (0..<300_000).map { _ in UInt8.random(in: 0...3, using: &numbers) }
        var file = RDBFile()
        file.key(0, "long")
        file.string(noise)
        file.key(0, "long and compressed")
        file.compressed(noise)
        let log = try receive(file.closed(), pieces: [size], into: EventLog())
        let strings = log.lines.filter { $0.hasPrefix("string") }
        #expect(strings.count == 2)
        #expect(Set(strings).count == 1)
    }
}
