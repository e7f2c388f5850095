import RDBFormat

/// Small files that hold nearly everything the format has.
enum SampleFile {
    static let long = [UInt8](repeating: UInt8(ascii: "a"), count: 200) + Array("bcd".utf8)

    static func redis12() -> RDBFile {
        var file = RDBFile(magic: "REDIS0012")
        file.auxiliary("redis-ver", "7.4.1")
        file.auxiliary("ctime", "1700000000")
        file.type(245)
        file.string("#!lua name=lib")
        file.database(0, keys: 20, expiring: 2)
        file.type(244)
        file.raw(RDBFile.encodedLength(7_638) + [3, 0])
        addStrings(&file)
        addPlainCollections(&file)
        addPackedCollections(&file)
        file.database(3, keys: 5, expiring: 0)
        addExpiringHashes(&file)
        addStreams(&file)
        addModules(&file)
        return file
    }

    private static func addStrings(_ file: inout RDBFile) {
        file.key(0, "raw")
        file.string("hello")
        file.type(253)
        file.little(Int32(1_800_000_000))
        file.key(0, "int8")
        file.number8(-7)
        file.type(252)
        file.little(Int64(1_900_000_000_123))
        file.type(248)
        file.length(100)
        file.key(0, "int16")
        file.number16(-3_000)
        file.type(249)
        file.raw([77])
        file.key(0, "int32")
        file.number32(1_000_000)
        file.key(0, "lzf")
        file.compressed(long)
        file.key(0, "empty")
        file.string("")
    }

    private static func addPlainCollections(_ file: inout RDBFile) {
        file.key(1, "list")
        file.length(3)
        file.string("a")
        file.number8(5)
        file.compressed(long)
        file.key(2, "set")
        file.length(2)
        file.string("one")
        file.string("two")
        file.key(3, "zset1")
        file.length(3)
        file.string("low")
        file.raw([255])
        file.string("high")
        file.raw([254])
        file.string("mid")
        file.raw([3] + Array("1.5".utf8))
        file.key(5, "zset2")
        file.length(1)
        file.string("m")
        file.little((-2.5).bitPattern)
        file.key(4, "hash")
        file.length(1)
        file.string("field")
        file.string("value")
    }

    private static func addPackedCollections(_ file: inout RDBFile) {
        let numbers: [Packed.Item] = [0, 12, 13, -100, 127, 200, -5_000, 70_000, -8_000_000, 2_000_000_000, -9_000_000_000_000]
        let texts: [Packed.Item] = ["x", "", .text(long), .text([UInt8](repeating: 9, count: 300))]
        file.packed(9, "zipmap", Packed.zipmap([("f", "v"), ("g", "")], unused: 2))
        file.packed(10, "ziplist", Packed.ziplist(numbers + texts + ["after a long one"]))
        file.packed(11, "intset16", Packed.intset([Int16(-5), 0, 9]))
        file.packed(11, "intset32", Packed.intset([Int32(-70_000), 5]))
        file.packed(11, "intset64", Packed.intset([Int64.min, 3, Int64.max]))
        file.packed(12, "zset ziplist", Packed.ziplist(["a", 1, "b", "2.25", "c", "-inf"]))
        file.packed(13, "hash ziplist", Packed.ziplist(["f", "v", "n", 12]))
        file.key(14, "quicklist")
        file.length(2)
        file.string(Packed.ziplist(["a", "b"]))
        file.compressed(Packed.ziplist([.text(long), "c"]))
        file.packed(16, "hash listpack", Packed.listpack(numbers + ["odd"]))
        file.packed(17, "zset listpack", Packed.listpack(["a", 1, "b", "2.25", "c", -4_000]))
        file.key(18, "quicklist2")
        file.length(2)
        file.length(2)
        file.string(Packed.listpack(numbers + texts))
        file.length(1)
        file.string("plain node")
        file.packed(20, "set listpack", Packed.listpack(texts))
    }

    private static func addExpiringHashes(_ file: inout RDBFile) {
        file.key(22, "pre-release hash")
        file.length(1)
        file.length(1_700_000_000_000)
        file.string("f")
        file.string("v")
        file.packed(23, "pre-release listpack", Packed.listpack(["f", "v", 0]))
        file.key(24, "hash with expiry")
        file.little(Int64(1_700_000_000_000))
        file.length(2)
        file.length(0)
        file.string("never")
        file.string("v")
        file.length(11)
        file.string("soon")
        file.string("w")
        file.key(25, "listpack with expiry")
        file.little(Int64(1_700_000_000_000))
        file.string(Packed.listpack(["f", "v", 1_700_000_000_000, "g", 2, 0]))
    }

    private static func addStreams(_ file: inout RDBFile) {
        for (type, name) in [(UInt8(15), "stream 1"), (19, "stream 2"), (21, "stream 3")] {
            file.key(type, name)
            file.stream(type)
        }
    }

    private static func addModules(_ file: inout RDBFile) {
        file.key(7, "module")
        file.length(0x81B5_EB2D_FFFA_DD6C)
        file.moduleValues()
        file.type(247)
        file.length(0x81B5_EB2D_FFFA_DD6C)
        file.raw([2, 1])
        file.moduleValues()
    }

    /// What came with Redis 8.
    static func redis15() -> RDBFile {
        var file = RDBFile(magic: "REDIS0015")
        file.type(242)
        file.raw([9, 2])
        file.string("age")
        file.string("name")
        file.database(0, keys: 6, expiring: 0)
        file.type(243)
        file.length(1)
        file.raw([1, 2, 3, 4])
        file.moduleValues()
        file.key(0, "with metadata")
        file.string("v")
        file.key(26, "stream 4")
        file.stream(26)
        file.key(27, "stream 5")
        file.stream(27)
        file.key(28, "array")
        file.raw([3, 1, 4])
        file.raw([0, 0])
        file.string("text")
        file.raw([5, 1])
        file.little(Int64(-12))
        file.raw([9, 2])
        file.little((0.5).bitPattern)
        file.packed(30, "template listpack", Packed.listpack([9, 41, "Ann"]))
        file.key(32, "template array")
        file.length(9)
        file.string("42")
        file.string("Bob")
        return file
    }

    static func valkey80() -> RDBFile {
        var file = RDBFile(magic: "VALKEY080")
        file.auxiliary("valkey-ver", "9.0.1")
        file.type(243)
        file.string("job")
        file.raw([2, 0, 10, 20, 30])
        file.database(0, keys: 1, expiring: 0)
        file.key(22, "hash")
        file.length(2)
        file.string("never")
        file.string("v")
        file.little(Int64(-1))
        file.string("soon")
        file.string("w")
        file.little(Int64(1_700_000_000_010))
        return file
    }

    static var all: [RDBFile] { [redis12(), redis15(), valkey80()] }
}

extension RDBFile {
    mutating func auxiliary(_ name: String, _ value: String) {
        type(250)
        string(name)
        string(value)
    }

    mutating func database(_ number: UInt64, keys: UInt64, expiring: UInt64) {
        type(254)
        length(number)
        type(251)
        length(keys)
        length(expiring)
    }

    mutating func packed(_ type: UInt8, _ name: String, _ blob: [UInt8]) {
        key(type, name)
        string(blob)
    }

    /// One of each kind, and the end.
    mutating func moduleValues() {
        raw([1, 5, 2, 6, 3])
        little(Float(0.5).bitPattern)
        raw([4])
        little((1.25).bitPattern)
        raw([5])
        string("value")
        raw([0])
    }

    /// The same stream in every version: two entries, a group, a consumer.
    mutating func stream(_ type: UInt8) {
        length(1)
        string(Self.bigEndian(UInt64(1_700_000_000_000)) + Self.bigEndian(UInt64(0)))
        string(Packed.streamNode())
        raw([2] + Self.encodedLength(1_700_000_000_007) + [0])
        if type >= 19 { raw(Self.encodedLength(1_700_000_000_000) + [0, 0, 0, 2]) }
        length(1)
        string("group")
        raw(Self.encodedLength(1_700_000_000_000) + [0])
        if type >= 19 { length(1) }
        length(1)
        id(1_700_000_000_000, 0)
        little(Int64(1_700_000_100_000))
        length(2)
        length(1)
        string("consumer")
        little(Int64(1_700_000_100_000))
        if type >= 21 { little(Int64(1_700_000_100_000)) }
        length(type == 27 ? 0 : 1)
        if type != 27 { id(1_700_000_000_000, 0) }
        if type == 27 {
            length(1)
            id(1_700_000_000_000, 0)
        }
        guard type >= 26 else { return }
        raw([60, 40, 1])
        string("producer")
        length(1)
        string("message")
        raw(Self.encodedLength(1_700_000_000_000) + [0, 1, 0])
    }
}
