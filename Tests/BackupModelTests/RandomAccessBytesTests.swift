import BackupModel
import Testing

@Suite("Bytes that can be read at any place")
struct RandomAccessBytesTests {
    private struct Ten: RandomAccessBytes {
        var byteCount: Int64 { 10 }

        func read(at offset: Int64, count: Int) async throws -> [UInt8] { Array(repeating: 0, count: count) }
    }

    @Test("A range that is there, and an empty one, may be asked for", arguments: [(0, 10), (10, 0), (9, 1), (0, 0)])
    func inside(offset: Int, count: Int) throws { try Ten().require(count, at: Int64(offset), of: "it") }

    @Test("A range of which not all is there is refused", arguments: [(0, 11), (11, 0), (-1, 1), (1, -1), (10, 1), (5, Int.max)])
    func outside(offset: Int, count: Int) {
        let error = #expect(throws: BackupError.self) { try Ten().require(count, at: Int64(offset), of: "it") }
        #expect(error?.code == .storeFailed && error?.message.contains("lie outside it, which holds 10 bytes") == true)
    }
}
