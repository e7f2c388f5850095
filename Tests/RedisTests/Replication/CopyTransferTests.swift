import Testing

@testable import Redis

@Suite struct CopyTransferTests {
    private static let mark = String(repeating: "0123456789", count: 4)
    private static let file = Array("REDIS0011 nearly the mark: 012345678901234567890123456789012345678 012".utf8)
    static let counted = Array("\n\n$\(file.count)\r\n".utf8) + file
    static let marked = Array("\n$EOF:\(mark)\r\n".utf8) + file + Array(mark.utf8)

    private func receive(_ pieces: [ArraySlice<UInt8>]) throws(CopyTransfer.Failure) -> (copy: [UInt8], isDone: Bool) {
        var transfer = CopyTransfer()
        var copy: [UInt8] = []
        for piece in pieces where !transfer.isDone {
            let result = piece.withUnsafeBytes { bytes in
                Result { () throws(CopyTransfer.Failure) in try transfer.take(bytes, into: &copy) }
            }
            try result.get()
        }
        return (copy, transfer.isDone)
    }

    @Test(arguments: [counted, marked]) func findsTheEndHoweverTheBytesAreCut(wire: [UInt8]) throws {
        var failures: [(Int, Int)] = []
        for first in wire.indices {
            for second in [first, first + 1, first + 39, first + 40, first + 41] where second < wire.count {
                let (copy, isDone) = try receive([wire[..<first], wire[first..<second], wire[second...]])
                if !isDone || copy != Self.file { failures.append((first, second)) }
            }
        }
        #expect(failures.isEmpty)
        let (copy, isDone) = try receive(wire.indices.map { wire[$0...$0] })
        #expect(isDone && copy == Self.file)
    }

    @Test(arguments: [counted, marked]) func aCopyCutShortIsNeverDone(wire: [UInt8]) throws {
        #expect(try wire.indices.filter { try receive([wire[..<$0]]).isDone }.isEmpty)
    }

    @Test func whatFollowsACountedCopyIsNotPartOfIt() throws {
        let wire = Self.counted + Array("*1\r\n$4\r\nPING\r\n".utf8)
        #expect(try receive([wire[...]]).copy == Self.file)
    }

    @Test(arguments: [
        ("-ERR no fork\r\n", CopyTransfer.Failure.refused(RedisError(kind: "ERR", message: "no fork"))),
        ("+OK\r\n", .notAHeader), ("$0\r\n", .notAHeader), ("$-5\r\n", .notAHeader), ("$abc\r\n", .notAHeader),
        ("$EOF:short\r\n", .notAHeader),
        ("$99999999999999999999\r\n", .notAHeader), ("$12\n", .notAHeader), (String(repeating: "x", count: 5000), .notAHeader),
    ])
    func refuses(text: String, failure: CopyTransfer.Failure) {
        #expect(throws: failure) { try receive([Array(text.utf8)[...]]) }
    }

    @Test(arguments: 0..<8) func mutatedStreamsNeverCrash(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            var wire = Bool.random(using: &random) ? Self.counted : Self.marked
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                wire[Int.random(in: wire.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            let cut = Int.random(in: wire.indices, using: &random)
            do {
                let (copy, isDone) = try receive([wire[..<cut], wire[cut...]])
                #expect(copy.count <= wire.count && (!isDone || !copy.isEmpty))
            } catch {
                #expect(error != .refused(RedisError(kind: "", message: "")))
            }
        }
    }
}
