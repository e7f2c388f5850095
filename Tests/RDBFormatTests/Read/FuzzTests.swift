import RDBFormat
import Testing

/// Files damaged at random, with their checksum put right or switched off, so that the damage reaches the reader.
struct FuzzTests {
    /// The largest sample has less than a thousand bytes in one element, and compressed text can be 88 times its size.
    private static let memoryBound = 1 << 20

    private static func samples() throws -> [[UInt8]] {
        let corpus = try Fixture.rdbNames.map { try Fixture.bytes($0) }.filter { $0.count < 10_000 }
        return corpus + SampleFile.all.map { $0.closed() }
    }

    private func survive(_ bytes: [UInt8], pieces: Int) {
        var survey = RDBSurvey(elementLimit: 1 << 24)
        do {
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                try survey.read(Array(bytes[start...].prefix(pieces)))
                #expect(survey.bufferedBytes < Self.memoryBound)
            }
            let summary = try survey.finish()
            #expect(summary.byteCount == Int64(bytes.count))
        } catch let error as RDBFormatError {
            #expect(error.offset >= 0 && error.offset <= Int64(bytes.count))
        } catch {
            Issue.record(error)
        }
    }

    @Test(arguments: 0..<8)
    func survivesChangedBytes(round: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(round))
        for sample in try Self.samples() {
            for _ in 0..<50 {
                var damaged = sample
                for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                    damaged[Int.random(in: damaged.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
                }
                damaged.replaceSubrange(damaged.count - 8..<damaged.count, with: repeatElement(0, count: 8))
                survive(damaged, pieces: Bool.random(using: &numbers) ? 1 << 20 : 33)
            }
        }
    }

    @Test(arguments: 0..<4)
    func survivesMovedBytes(round: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(100 + round))
        for sample in try Self.samples() {
            for _ in 0..<40 {
                var damaged = sample
                let start = Int.random(in: 9..<damaged.count, using: &numbers)
                let end = min(damaged.count, start + Int.random(in: 0...20, using: &numbers))
                let place = Int.random(in: 9...damaged.count, using: &numbers)
                let moved = Array(damaged[start..<end])
                if Bool.random(using: &numbers) { damaged.removeSubrange(start..<end) }
                damaged.insert(contentsOf: moved, at: min(place, damaged.count))
                survive(withRightChecksum(damaged), pieces: 1 << 20)
            }
        }
    }

    @Test
    func survivesLengthsOfEverySize() throws {
        let lengths: [UInt64] = [0, 1, 63, 64, 16_383, 16_384, UInt64(Int32.max), UInt64(UInt32.max), UInt64(Int64.max), .max - 1, .max]
        for type in 0...33 as ClosedRange<UInt8> {
            for length in lengths {
                for second in lengths {
                    var file = RDBFile(magic: "REDIS0015")
                    file.key(type, "k")
                    file.length(length)
                    file.length(second)
                    file.raw([UInt8](repeating: 0, count: 40))
                    survive(file.closed(), pieces: 1 << 20)
                }
            }
        }
    }

    @Test
    func survivesCompressedTextOfEveryForm() {
        var numbers = SeededNumbers(seed: 8)
        for _ in 0..<4_000 {
            let compressed = (0..<Int.random(in: 1...40, using: &numbers)).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            var file = RDBFile()
            file.key(0, "text")
            file.raw([0xC3])
            file.length(UInt64(compressed.count))
            file.length(UInt64.random(in: 0...4_000, using: &numbers))
            file.raw(compressed)
            survive(file.closed(), pieces: 1 << 20)
        }
    }
}
