import NIOCore
import Testing

@testable import Redis

@Suite struct RESPReaderTests {
    static let replies: [(String, RESPValue)] = [
        ("+OK\r\n", .simple("OK")), ("+\r\n", .simple("")), (":-42\r\n", .integer(-42)),
        ("$5\r\nhe\r\no\r\n", .bulk(Array("he\r\no".utf8))),
        ("$0\r\n\r\n", .bulk([])), ("$-1\r\n", .null), ("*-1\r\n", .null), ("*0\r\n", .array([])),
        ("-WRONGPASS no such user\r\n", .error(RedisError(kind: "WRONGPASS", message: "no such user"))),
        ("-max number of clients reached\r\n", .error(RedisError(kind: "ERR", message: "max number of clients reached"))),
        ("*2\r\n*1\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n", .array([.array([.integer(1)]), .array([.bulk([97]), .null])])),
        ("*3\r\n*0\r\n-ERR x\r\n+y\r\n", .array([.array([]), .error(RedisError(kind: "ERR", message: "x")), .simple("y")])),
    ]

    private func read(_ pieces: [[UInt8]], limits: RESPReader.Limits = .init()) throws -> [RESPValue] {
        var reader = RESPReader(limits: limits)
        var buffer = ByteBuffer()
        var replies: [RESPValue] = []
        for piece in pieces {
            buffer.writeBytes(piece)
            while let reply = try reader.next(from: &buffer) { replies.append(reply) }
        }
        #expect(buffer.readableBytes == 0 || !replies.isEmpty || pieces.isEmpty)
        return replies
    }

    @Test func readsEveryKindHoweverItIsCut() throws {
        let bytes = Self.replies.flatMap { Array($0.0.utf8) }
        let expected = Self.replies.map(\.1)
        #expect(try read([bytes]) == expected)
        #expect(try read(bytes.map { [$0] }) == expected)
        for cut in bytes.indices { #expect(try read([Array(bytes[..<cut]), Array(bytes[cut...])].filter { !$0.isEmpty }) == expected) }
    }

    @Test(arguments: [
        ("HTTP/1.1 400\r\n", RESPError.foreignByte(72)), ("\u{15}\u{03}", .foreignByte(0x15)), ("$abc\r\n", .malformedNumber),
        ("$-2\r\n", .malformedNumber), (":\r\n", .malformedNumber), ("$1\r\nabc", .missingLineEnd), ("+x\n", .missingLineEnd),
        ("$99999999999\r\n", .tooLarge), ("*99999999\r\n", .tooLarge), ("*\r\n", .malformedNumber),
        ("*9223372036854775808\r\n", .malformedNumber), (String(repeating: "*1\r\n", count: 20), .tooLarge),
        ("+" + String(repeating: "x", count: 70_000), .tooLarge), ("\r\n", .foreignByte(13)),
    ])
    func refuses(text: String, error: RESPError) {
        var reader = RESPReader()
        var buffer = ByteBuffer(string: text)
        #expect(throws: error) { while try reader.next(from: &buffer) != nil {} }
    }

    /// Many empty arrays in one reply are values too.
    @Test func boundsTheNumberOfValues() throws {
        var limits = RESPReader.Limits()
        limits.values = 10
        #expect(throws: RESPError.tooLarge) {
            try read([Array(("*9\r\n" + String(repeating: "*2\r\n:1\r\n:2\r\n", count: 9)).utf8)], limits: limits)
        }
        #expect(try read([Array(("*9\r\n" + String(repeating: ":1\r\n", count: 9)).utf8)], limits: limits).count == 1)
    }

    @Test func boundsTheStringsOfAReplyTogether() throws {
        var limits = RESPReader.Limits()
        limits.bulkBytes = 10
        #expect(throws: RESPError.tooLarge) { try read([Array("*2\r\n$6\r\nabcdef\r\n$5\r\nabcde\r\n".utf8)], limits: limits) }
        #expect(try read([Array("$10\r\nabcdefghij\r\n$10\r\nabcdefghij\r\n".utf8)], limits: limits).count == 2)
    }

    @Test(arguments: 0..<8) func mutatedRepliesNeverCrashOrHang(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let sample = Self.replies.flatMap { Array($0.0.utf8) }
        for _ in 0..<2000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] =
                    Bool.random(using: &random) ? .random(in: 0...255, using: &random) : 57
            }
            var reader = RESPReader()
            var buffer = ByteBuffer(bytes: bytes)
            var replies = 0
            // Either it ends, waits for more, or refuses; each reply takes bytes, so there are never more of them than bytes.
            do { while try reader.next(from: &buffer) != nil { replies += 1 } } catch {
                #expect(!reader.isBetweenReplies || replies < bytes.count)
            }
            #expect(replies <= bytes.count)
        }
    }
}
