import RDBFormat
import Testing

/// What is not known is said to be unknown, and nothing worse.
struct UnknownTests {
    private func unknown(_ file: RDBFile) throws -> RDBUnknown? {
        let summary = try survey(file.closed())
        #expect(summary.checksum == .proved)
        return summary.notUnderstood
    }

    @Test(arguments: ["REDIS0016", "REDIS0080", "VALKEY079", "VALKEY081"])
    func laterVersions(magic: String) throws {
        var file = RDBFile(magic: magic)
        file.raw([200, 1, 2, 3])
        let version = try #require(UInt64(magic.suffix(3)))
        #expect(try unknown(file) == RDBUnknown(.version, code: version, offset: 9))
    }

    /// Somebody raised the version of this file by hand: it may be from the future or have a flipped bit, and its checksum says which.
    @Test
    func aFileOfTheFuture() throws {
        let bytes = try Fixture.bytes("future_v19.rdb")
        let error = try #require(refusal(of: bytes))
        let unknown = RDBUnknown(.version, code: 99, offset: 9)
        #expect(error.unknown == unknown)
        #expect(error.description.hasSuffix("; RDB version 99 at offset 9 is not known to this version"))
        let summary = try survey(withRightChecksum(bytes))
        #expect(summary.notUnderstood == unknown)
        #expect(summary.checksum == .proved)
        var original = bytes
        original[7] = UInt8(ascii: "1")
        original[8] = UInt8(ascii: "1")
        #expect(try survey(original).checksum == .proved)
    }

    @Test(arguments: [UInt8(6), 8, 29, 31, 33, 60, 120, 200, 241])
    func opcodesAndTypes(code: UInt8) throws {
        var file = RDBFile(magic: "REDIS0015")
        file.key(0, "before")
        file.string("v")
        let offset = Int64(file.bytes.count)
        file.key(code, "x")
        let summary = try survey(file.closed())
        #expect(summary.notUnderstood == RDBUnknown(.opcode, code: UInt64(code), offset: offset))
        #expect(summary.content.keys == 1)
    }

    @Test(arguments: [UInt8(23), 24, 25, 26, 107, 242])
    func whatOnlyRedisKnows(code: UInt8) throws {
        var file = RDBFile(magic: "VALKEY080")
        file.key(code, "x")
        #expect(try unknown(file) == RDBUnknown(.opcode, code: UInt64(code), offset: 9))
    }

    @Test
    func encodingsInsideOfKeys() throws {
        var string = RDBFile()
        string.key(2, "set")
        string.raw([2, 1, 65, 0xC4, 1])
        #expect(try unknown(string) == RDBUnknown(.stringEncoding, code: 4, offset: 17))
        var node = RDBFile()
        node.key(18, "list")
        node.raw([1, 3, 1, 65])
        #expect(try unknown(node)?.subject == .quicklistContainer)
        var module = RDBFile()
        module.key(7, "module")
        module.raw([1, 6, 1])
        #expect(try unknown(module)?.subject == .moduleOpcode)
    }

    @Test
    func theRestStillHasToMatchTheChecksum() throws {
        let bytes = withRightChecksum(try Fixture.bytes("future_v19.rdb"))
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(refusal(of: damaged) != nil, "byte \(index)")
        }
        for count in bytes.indices { #expect(refusal(of: Array(bytes.prefix(count))) != nil, "\(count) bytes") }
    }
}
