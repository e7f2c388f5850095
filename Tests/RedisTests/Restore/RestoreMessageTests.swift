import NIOCore
import RDBFormat
import Testing

@testable import Redis

@Suite struct RestoreMessageTests {
    /// However long the value is, what is held to be sent stays small, and it is the command a server expects.
    @Test(arguments: [0, 1, 1000, RestoreMessage.pieceBytes, 3_000_000])
    func goesOutInPieces(count: Int) async throws {
        let window = (0..<(count + 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let header = KeyHeader(database: 0, name: Array("key".utf8), type: .string, expiresAt: 12)
        let key = CutKey(header: header, value: window[10..<(10 + count)])
        var (sent, largest): ([UInt8], Int) = ([], 0)
        var buffer = ByteBuffer()
        try await RestoreMessage(key: key, version: 10, replaces: true).write(to: &buffer) { full in
            largest = max(largest, full.readableBytes)
            sent += full.readableBytesView
            full.clear()
        }
        sent += buffer.readableBytesView
        #expect(largest <= RestoreMessage.pieceBytes + 1000 && (largest > 0) == (count >= RestoreMessage.pieceBytes))
        var payload = DumpPayload(type: .string, version: 10)
        key.value.withUnsafeBytes { payload.add($0) }
        let words: [[UInt8]] = [
            Array("RESTORE".utf8), Array("key".utf8), Array("12".utf8), payload.head + key.value + payload.trailer, Array("ABSTTL".utf8),
            Array("REPLACE".utf8),
        ]
        var expected = ByteBuffer()
        RedisCommand(words).write(to: &expected)
        #expect(sent == Array(expected.readableBytesView))
    }
}
