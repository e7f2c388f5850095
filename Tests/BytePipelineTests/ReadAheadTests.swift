import BackupModel
import Synchronization
import Testing

@testable import BytePipeline

@Suite("Reading ahead")
struct ReadAheadTests {
    /// Counts what is asked of it, and fails where a test says.
    private final class Distant: RandomAccessBytes {
        let bytes: [UInt8]
        let asked = Mutex<[Range<Int64>]>([])
        let failures: Mutex<Int>

        init(_ count: Int, failures: Int = 0) {
            bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            self.failures = Mutex(failures)
        }

        var byteCount: Int64 { Int64(bytes.count) }

        func read(at offset: Int64, count: Int) async throws -> [UInt8] {
            asked.withLock { $0.append(offset..<offset + Int64(count)) }
            let fails = failures.withLock { left in
                defer { left = max(0, left - 1) }
                return left > 0
            }
            if fails || offset + Int64(count) > byteCount { throw BackupError(.storeFailed, "it broke off") }
            return Array(bytes[Int(offset)..<Int(offset) + count])
        }
    }

    @Test("gives the bytes of any range", arguments: [0, 1, 99, 100, 101, 1000])
    func ranges(count: Int) async throws {
        let file = Distant(count)
        let ahead = ReadAhead(file, blockBytes: 100, kept: 3)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let start = Int.random(in: 0...count, using: &random)
            let length = Int.random(in: 0...(count - start), using: &random)
            #expect(try await ahead.read(at: Int64(start), count: length) == Array(file.bytes[start..<start + length]))
        }
    }

    @Test("asks for each block once when it is read in order, and for one at a time")
    func inOrder() async throws {
        let file = Distant(1050)
        let ahead = ReadAhead(file, blockBytes: 100)
        for offset in stride(from: 0, to: 1050, by: 7) { _ = try await ahead.read(at: Int64(offset), count: min(7, 1050 - offset)) }
        let asked = file.asked.withLock { $0 }
        #expect(asked.map(\.lowerBound).sorted() == (0..<11).map { $0 * 100 })
        #expect(asked.allSatisfy { $0.count <= 100 })
    }

    @Test("does not keep a failure: who asks again gets the bytes")
    func failure() async throws {
        let file = Distant(300, failures: 1)
        let ahead = ReadAhead(file, blockBytes: 100)
        await #expect(throws: BackupError.self) { try await ahead.read(at: 0, count: 10) }
        #expect(try await ahead.read(at: 0, count: 10) == Array(file.bytes[0..<10]))
    }

    @Test("passes on what lies outside")
    func outside() async throws {
        let ahead = ReadAhead(Distant(10), blockBytes: 100)
        await #expect(throws: BackupError.self) { try await ahead.read(at: 5, count: 6) }
    }
}
