import BackupVerification
import DumpFormat
import DumpSamples
import Testing

/// Every byte of a dump is under a digest or has one allowed value: no damage to a lone file goes unseen.
struct DamageTests {
    @Test(arguments: Container.allCases, 0..<8)
    func noticesEveryFlippedBit(container: Container, bit: Int) async throws {
        let bytes = try SampleDump.tiny(container).write().bytes
        var unseen: [Int] = []
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1 << bit
            if try await verdict(on: damaged).passed { unseen.append(place) }
        }
        #expect(unseen.isEmpty)
    }

    @Test(arguments: Container.allCases)
    func noticesEveryTruncation(container: Container) async throws {
        let bytes = try SampleDump.tiny(container).write().bytes
        var unseen: [Int] = []
        for length in bytes.indices where try await verdict(on: Array(bytes[..<length])).passed { unseen.append(length) }
        #expect(unseen.isEmpty)
    }

    @Test(arguments: Container.allCases)
    func noticesEveryLostBeginning(container: Container) async throws {
        let bytes = try SampleDump.tiny(container).write().bytes
        var unseen: [Int] = []
        for start in stride(from: 1, to: bytes.count, by: 11) where try await verdict(on: Array(bytes[start...])).passed {
            unseen.append(start)
        }
        #expect(unseen.isEmpty)
    }

    @Test(arguments: Container.allCases)
    func noticesDamagedPadding(container: Container) async throws {
        let bytes = try SampleDump.small(container).write().bytes
        let reader = try await DumpReader(bytes: bytes)
        let gap = try #require(reader.padding.first)
        var unseen: [Int64] = []
        for place in stride(from: gap.lowerBound, to: gap.upperBound, by: 41) {
            var damaged = bytes
            damaged[Int(place)] ^= 1 << UInt8(place % 8)
            let verdict = try await verdict(on: damaged)
            if verdict.passed || verdict.findings.first?.offsets != .init(gap) { unseen.append(place) }
        }
        #expect(unseen.isEmpty)
    }

    @Test(arguments: Container.allCases)
    func noticesAnAppendix(container: Container) async throws {
        let bytes = try SampleDump.small(container).write().bytes
        for appendix in [[0], Array("; DROP DATABASE call_center;".utf8), bytes] {
            let verdict = try await verdict(on: bytes + appendix)
            #expect(!verdict.passed)
        }
        let verdict = try await verdict(on: bytes + [1, 2, 3])
        let expected = Finding(
            "bytes follow the end of the dump", offsets: .init(from: Int64(bytes.count), to: Int64(bytes.count + 3)))
        #expect(verdict.findings == [expected])
    }

    @Test(arguments: Container.allCases)
    func noticesTheIndexOfAnotherFile(container: Container) async throws {
        let bytes = try SampleDump.small(container).write()
        var other = SampleDump.small(container)
        other.tables[0].segments[0][3] = "4\tanother 3\t\\N\n"
        for foreign in [try other.write(), try SampleDump.tiny(container).write()] {
            let body = Array(bytes.bytes[..<bytes.indexOffset])
            let verdict = try await verdict(on: body + foreign.bytes[foreign.indexOffset...])
            #expect(!verdict.passed)
        }
    }
}
