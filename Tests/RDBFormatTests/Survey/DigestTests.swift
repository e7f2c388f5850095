import RDBFormat
import Testing

/// Two files of the same data have the same digest, and of other data another one.
struct DigestTests {
    private func digest(magic: String = "REDIS0012", _ write: (inout RDBFile) -> Void) throws -> RDBDigest {
        var file = RDBFile(magic: magic)
        write(&file)
        let databases = try survey(file.closed()).content.databases
        #expect(databases.count == 1)
        return try #require(databases.first).digest
    }

    private func expectEqual(_ variants: [(inout RDBFile) -> Void]) throws {
        let digests = try variants.map { try digest($0) }
        #expect(Set(digests).count == 1)
    }

    private func expectDifferent(_ variants: [(inout RDBFile) -> Void]) throws {
        let digests = try variants.map { try digest($0) }
        #expect(Set(digests).count == variants.count)
    }

    @Test
    func stringsAreTheirBytes() throws {
        try expectEqual([
            {
                $0.key(0, "k"); $0.string("-100")
            },
            {
                $0.key(0, "k"); $0.number8(-100)
            },
            {
                $0.key(0, "k"); $0.number16(-100)
            },
            {
                $0.key(0, "k"); $0.number32(-100)
            },
            {
                $0.key(0, "k"); $0.raw([0xC3, 5, 4, 3] + Array("-100".utf8))
            },
        ])
    }

    @Test
    func listsAreTheirElementsInOrder() throws {
        try expectEqual([
            {
                $0.key(1, "k"); $0.length(3); $0.string("a"); $0.string("7"); $0.string("c")
            },
            {
                $0.key(1, "k"); $0.length(3); $0.string("a"); $0.number8(7); $0.string("c")
            },
            { $0.packed(10, "k", Packed.ziplist(["a", 7, "c"])) },
            {
                $0.key(14, "k"); $0.length(2); $0.string(Packed.ziplist(["a"])); $0.string(Packed.ziplist([7, "c"]))
            },
            {
                $0.key(18, "k"); $0.raw([2, 2]); $0.string(Packed.listpack(["a", 7])); $0.length(1); $0.string("c")
            },
        ])
        try expectDifferent([
            { $0.packed(10, "k", Packed.ziplist(["a", "b"])) }, { $0.packed(10, "k", Packed.ziplist(["b", "a"])) },
            { $0.packed(10, "k", Packed.ziplist(["a", "b", ""])) }, { $0.packed(10, "k", Packed.ziplist(["", "a", "b"])) },
        ])
    }

    @Test
    func setsAreTheirMembers() throws {
        try expectEqual([
            {
                $0.key(2, "k"); $0.length(3); $0.string("5"); $0.string("-3"); $0.string("70000")
            },
            {
                $0.key(2, "k"); $0.length(3); $0.number32(70_000); $0.number8(-3); $0.number8(5)
            },
            { $0.packed(11, "k", Packed.intset([Int32(-3), 5, 70_000])) },
            { $0.packed(11, "k", Packed.intset([Int64(-3), 5, 70_000])) },
            { $0.packed(20, "k", Packed.listpack([5, 70_000, "-3"])) },
        ])
    }

    @Test
    func sortedSetsAreTheirMembersWithScores() throws {
        try expectEqual([
            {
                $0.key(3, "k"); $0.length(2); $0.string("a"); $0.raw([4] + Array("1e-1".utf8)); $0.string("b"); $0.raw([255])
            },
            {
                $0.key(5, "k"); $0.length(2); $0.string("b"); $0.little((-Double.infinity).bitPattern); $0.string("a");
                $0.little((0.1).bitPattern)
            },
            { $0.packed(12, "k", Packed.ziplist(["a", "0.1", "b", "-inf"])) },
            { $0.packed(17, "k", Packed.listpack(["b", "-inf", "a", "0.10000000000000001"])) },
        ])
        try expectEqual([
            { $0.packed(17, "k", Packed.listpack(["a", "-0"])) }, { $0.packed(17, "k", Packed.listpack(["a", 0])) },
        ])
        try expectDifferent([
            { $0.packed(17, "k", Packed.listpack(["a", 1, "b", 2])) }, { $0.packed(17, "k", Packed.listpack(["a", 2, "b", 1])) },
        ])
    }

    @Test
    func hashesAreTheirFieldsWithValuesAndExpiries() throws {
        try expectEqual([
            {
                $0.key(4, "k"); $0.length(2); $0.string("f"); $0.string("1"); $0.string("g"); $0.string("v")
            },
            { $0.packed(9, "k", Packed.zipmap([("g", "v"), ("f", "1")], unused: 3)) },
            { $0.packed(13, "k", Packed.ziplist(["f", 1, "g", "v"])) },
            { $0.packed(16, "k", Packed.listpack(["g", "v", "f", 1])) },
            { $0.packed(23, "k", Packed.listpack(["g", "v", 0, "f", 1, 0])) },
            {
                $0.key(22, "k"); $0.raw([2, 0]); $0.string("f"); $0.number8(1); $0.raw([0]); $0.string("g"); $0.string("v")
            },
        ])
        try expectDifferent([
            { $0.packed(16, "k", Packed.listpack(["f", "g", "h", "i"])) }, { $0.packed(16, "k", Packed.listpack(["g", "f", "h", "i"])) },
            { $0.packed(16, "k", Packed.listpack(["f", "i", "h", "g"])) },
            { $0.packed(23, "k", Packed.listpack(["f", "g", 5, "h", "i", 0])) },
        ])
    }

    /// The same fields with the same expiry, as four types write them.
    @Test
    func expiriesOfFieldsAreAbsolute() throws {
        try expectEqual([
            {
                $0.key(22, "k"); $0.length(1); $0.length(1_700_000_000_010); $0.string("f"); $0.string("v")
            },
            { $0.packed(23, "k", Packed.listpack(["f", "v", 1_700_000_000_010])) },
            {
                $0.key(24, "k"); $0.little(Int64(1_700_000_000_000)); $0.raw([1, 11]); $0.string("f"); $0.string("v")
            },
            {
                $0.key(25, "k"); $0.little(Int64(1_700_000_000_010)); $0.string(Packed.listpack(["f", "v", 1_700_000_000_010]))
            },
        ])
        let redis = try digest { $0.packed(23, "k", Packed.listpack(["f", "v", 1_700_000_000_010, "g", "w", 0])) }
        let valkey = try digest(magic: "VALKEY080") { file in
            file.key(22, "k")
            file.length(2)
            for (field, value, expiry) in [("g", "w", Int64(-1)), ("f", "v", 1_700_000_000_010)] {
                file.string(field)
                file.string(value)
                file.little(expiry)
            }
        }
        #expect(redis == valkey)
    }

    @Test
    func expiriesOfKeysAreMilliseconds() throws {
        try expectEqual([
            {
                $0.type(253); $0.little(Int32(1_800_000_000)); $0.key(0, "k"); $0.string("v")
            },
            {
                $0.type(252); $0.little(Int64(1_800_000_000_000)); $0.key(0, "k"); $0.string("v")
            },
            {
                $0.type(249); $0.raw([5]); $0.type(252); $0.little(Int64(1_800_000_000_000)); $0.key(0, "k"); $0.string("v")
            },
        ])
        try expectDifferent([
            {
                $0.key(0, "k"); $0.string("v")
            },
            {
                $0.type(252); $0.little(Int64(1)); $0.key(0, "k"); $0.string("v")
            },
            {
                $0.key(0, "k"); $0.string("w")
            },
            {
                $0.key(0, "l"); $0.string("v")
            }, { $0.packed(20, "k", Packed.listpack(["v"])) },
            { $0.packed(10, "k", Packed.ziplist(["v"])) }, { $0.packed(17, "k", Packed.listpack(["v", 0])) },
        ])
    }

    @Test
    func streamsOfAllVersionsAreEqualAsFarAsTheyGo() throws {
        let digests = try [UInt8(15), 19, 21].map { type in
            try digest { file in
                file.key(type, "k")
                file.stream(type)
            }
        }
        #expect(Set(digests).count == 1)
    }

    @Test
    func templatesAreHashes() throws {
        let plain = try digest { $0.packed(16, "k", Packed.listpack(["name", "Ann", "age", 41])) }
        let packed = try digest(magic: "REDIS0015") { file in
            file.raw([242, 9, 2])
            file.string("age")
            file.string("name")
            file.packed(30, "k", Packed.listpack([9, 41, "Ann"]))
        }
        let array = try digest(magic: "REDIS0015") { file in
            file.raw([242, 9, 2])
            file.string("age")
            file.string("name")
            file.key(32, "k")
            file.length(9)
            file.number8(41)
            file.string("Ann")
        }
        #expect(plain == packed)
        #expect(plain == array)
    }

    @Test
    func theOrderOfKeysDoesNotMatterAndTheirNumberDoes() throws {
        try expectEqual([
            {
                $0.key(0, "a"); $0.string("1"); $0.key(0, "b"); $0.string("2")
            },
            {
                $0.key(0, "b"); $0.string("2"); $0.key(0, "a"); $0.string("1")
            },
        ])
        try expectDifferent([
            {
                $0.key(0, "a"); $0.string("1")
            },
            {
                $0.key(0, "a"); $0.string("1"); $0.key(0, "b"); $0.string("1")
            },
            {
                $0.key(0, "a"); $0.string("2"); $0.key(0, "b"); $0.string("1")
            },
        ])
    }

    /// The definition on the format's page, computed apart from it by a C program over xxHash.
    @Test
    func isDefinedToTheByte() throws {
        #expect(
            try digest {
                $0.key(0, "k"); $0.string("v")
            }.description == "10f041d3cceef4d4a2a61c487a0aeb49")
        let several = try digest { file in
            file.key(0, "k")
            file.string("v")
            file.type(253)
            file.little(Int32(1_700_000_000))
            file.packed(10, "l", Packed.ziplist(["a", "b"]))
            file.packed(17, "z", Packed.listpack(["m", "1.5"]))
            file.packed(20, "s", Packed.listpack(["b", "a"]))
            file.packed(23, "h", Packed.listpack(["f", "v", 5]))
        }
        #expect(several.description == "0c3cc8057442d407b863bef2611851bd")
    }
}
