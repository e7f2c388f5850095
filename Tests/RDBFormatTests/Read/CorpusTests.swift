import RDBFormat
import Testing

/// librdb's documents say what its files hold, in three depths:
///
/// - *data*: every key with its elements. Compared as a whole, and so are the documents without a depth in their name.
/// - *raw*: every key with the bytes of its type and value as they stand in the file. Compared with the places that the reader reports.
/// - *struct*: every key with the packed blobs it is made of. A blob is put into a file of its own, which then has to hold the same elements
///   as the key; what is not packed is compared as in *data*. Two documents named `raw` are of this depth in truth.
///
/// Documents that librdb filtered hold a part of the file: each key in them is compared.
struct CorpusTests {
    private func rendered(_ file: String) throws -> JSONRenderer {
        try receive(try Fixture.bytes(file), into: JSONRenderer())
    }

    /// File, then its document.
    static let dataDocuments = [
        ("ziplist_v3", "ziplist_data"), ("plain_list_v6", "plain_list_v6_data"), ("hash_v3", "hash_data"), ("hash_v3", "plain_hash_data"),
        ("hash_with_expire_v12", "hash_ex_v12_data"), ("hash_zl_v6", "hash_zl_v6_data"), ("hash_lp_v11", "hash_lp_v11_data"),
        ("hash_lp_with_hexpire_v12", "hash_lp_ex_v12_data"), ("hash_zm_v2", "hash_zm_v2_data"), ("plain_set_v6", "plain_set_v6_data"),
        ("set_is_v11", "set_is_v11_data"), ("set_lp_v11", "set_lp_v11_data"), ("plain_zset_v6", "plain_zset_v6_data"),
        ("plain_zset_2_v11", "plain_zset_2_v11_data"), ("zset_lp_v11", "zset_lp_v11_data"), ("zset_zl_v6", "zset_zl_v6_data"),
        ("quicklist", "quicklist_data"), ("quicklist2_v11", "single_list_data"), ("multiple_lists_strings", "multiple_lists_strings_data"),
        ("single_key", "single_key_data"), ("module", "module_data"), ("module_aux", "module_aux_data"),
        ("string_int_encoded", "string_int_encoded"), ("stream_v11", "stream_data_with_meta"), ("cluster_slot_info", "cluster_slot_info"),
        ("mem_policy_lfu", "mem_policy_lfu"), ("mem_policy_lru", "mem_policy_lru"), ("set_not_expired_v11", "set_not_expired"),
    ]

    @Test(arguments: dataDocuments)
    func readsAsItsDocumentSays(file: String, document: String) throws {
        let expected = try JSON(librdb: try Fixture.bytes(document + ".json"))
        guard case .object(let members) = expected else { throw JSONSurprise() }
        let found = try rendered(file + ".rdb")
        // What is about the file and not in it is compared where the document has it.
        guard case .object(var all) = found.document else { throw JSONSurprise() }
        for name in ["__aux__", "__slotinfo__", "__dbsize__"] where members[name] == nil { all[name] = nil }
        #expect(JSON.object(all) == expected)
    }

    @Test
    func keepsDatabasesApart() throws {
        let expected = try JSON(librdb: try Fixture.bytes("multiple_dbs_data.json"))
        let found = try rendered("multiple_dbs.rdb")
        #expect(JSON.array(found.databases.map { .object($0) }) == expected)
    }

    @Test
    func readsFunctions() throws {
        let document = try JSON(librdb: try Fixture.bytes("function2.json"))
        guard case .object(let expected)? = document["__func__"] else { throw JSONSurprise() }
        let found = try rendered("function2.rdb")
        #expect(found.functions.count == expected.count)
        // librdb's numbers leave some out.
        #expect(expected.values.allSatisfy(found.functions.contains))
        #expect(found.document["__aux__"] == document["__aux__"])
    }

    @Test
    func readsTheEntriesOfAStream() throws {
        let expected = try JSON(librdb: try Fixture.bytes("stream_data.json"))
        let found = try rendered("stream_v11.rdb")
        #expect(found.document["mystream"]?["entries"] == expected["mystream"]?["entries"])
    }

    /// librdb was told to leave out what has expired; a backup holds it, with its time.
    @Test
    func keepsKeysThatHaveExpired() throws {
        #expect(try Fixture.bytes("set_expired.json").isEmpty)
        let found = try rendered("set_expired_v11.rdb")
        #expect(found.databases.map(\.count) == [1])
        #expect(found.expiries.values.allSatisfy { $0 < 1_800_000_000_000 })
        #expect(try rendered("set_not_expired_v11.rdb").expiries.values.allSatisfy { $0 > 1_800_000_000_000 })
    }

    @Test(arguments: ["2filters", "no_aux", "subset_list"])
    func holdsWhatAFilterLetsThrough(filter: String) throws {
        let expected = try JSON(librdb: try Fixture.bytes("multiple_lists_strings_\(filter).json"))
        guard case .object(let members) = expected else { throw JSONSurprise() }
        let found = try rendered("multiple_lists_strings.rdb").document
        #expect(!members.isEmpty)
        for (key, value) in members { #expect(found[key] == value, "\(key)") }
    }

    @Test
    func holdsWhatAFilterLetsThroughRaw() throws {
        let bytes = try Fixture.bytes("multiple_lists_strings.rdb")
        let expected = try JSON(librdb: try Fixture.bytes("multiple_lists_strings_subset_str.json"))
        guard case .object(let members) = expected else { throw JSONSurprise() }
        let ends = try rendered("multiple_lists_strings.rdb").ends
        for (key, value) in members { #expect(JSON(raw(try #require(ends[key]), in: bytes)) == value, "\(key)") }
    }

    private func raw(_ end: RDBKeyEnd, in bytes: [UInt8]) -> [UInt8] {
        [bytes[Int(end.typeOffset)]] + bytes[Int(end.value.lowerBound)..<Int(end.value.upperBound)]
    }

    static let rawDocuments = [
        ("ziplist_v3", "ziplist_raw"), ("plain_list_v6", "plain_list_v6_raw"), ("hash_v3", "hash_raw"), ("hash_zl_v6", "hash_zl_v6_raw"),
        ("hash_lp_v11", "hash_lp_v11_raw"), ("hash_zm_v2", "hash_zm_v2_raw"), ("plain_set_v6", "plain_set_v6_raw"),
        ("plain_zset_v6", "plain_zset_v6_raw"), ("plain_zset_2_v11", "plain_zset_2_v11_raw"), ("zset_lp_v11", "zset_lp_v11_raw"),
        ("zset_zl_v6", "zset_zl_v6_raw"), ("quicklist", "quicklist_raw"), ("quicklist2_v11", "single_list_raw"),
        ("multiple_lists_strings", "multiple_lists_strings_raw"), ("single_key", "single_key_raw"), ("module", "module_raw"),
    ]

    @Test(arguments: rawDocuments)
    func saysWhereValuesStand(file: String, document: String) throws {
        let bytes = try Fixture.bytes(file + ".rdb")
        let expected = try JSON(librdb: try Fixture.bytes(document + ".json"))
        let ends = try rendered(file + ".rdb").ends
        #expect(!ends.isEmpty)
        for (key, end) in ends { #expect(expected[key] == JSON(raw(end, in: bytes)), "\(key)") }
    }

    static let structDocuments = [
        ("ziplist_v3", "ziplist_struct"), ("plain_list_v6", "plain_list_v6_data"), ("hash_v3", "hash_struct"),
        ("hash_v3", "plain_hash_struct"), ("hash_zl_v6", "hash_zl_v6_struct"), ("hash_lp_v11", "hash_lp_v11_struct"),
        ("hash_zm_v2", "hash_zm_v2_struct"), ("plain_set_v6", "plain_set_v6_struct"), ("set_is_v11", "set_is_v11_struct"),
        ("set_is_v11", "set_is_v11_raw"), ("set_lp_v11", "set_lp_v11_struct"), ("set_lp_v11", "set_lp_v11_raw"),
        ("plain_zset_v6", "plain_zset_v6_struct"), ("plain_zset_2_v11", "plain_zset_2_v11_struct"), ("zset_lp_v11", "zset_lp_v11_struct"),
        ("zset_zl_v6", "zset_zl_v6_struct"), ("quicklist", "quicklist_struct"), ("quicklist2_v11", "single_list_struct"),
        ("multiple_lists_strings", "multiple_lists_strings_struct"), ("single_key", "single_key_struct"),
    ]

    @Test(arguments: structDocuments)
    func findsTheSameInBlobsAlone(file: String, document: String) throws {
        let expected = try JSON(librdb: try Fixture.bytes(document + ".json"))
        let found = try rendered(file + ".rdb")
        for (key, end) in found.ends {
            guard let value = found.document[key], let blobs = expected[key] else { throw JSONSurprise() }
            #expect(try elements(of: blobs, end.type, key) == value, "\(key)")
        }
    }

    private func elements(of document: JSON, _ type: RDBValueType, _ key: String) throws -> JSON? {
        guard let number = Self.packedTypes[type], case .array(let nodes) = document else { return document }
        var file = RDBFile()
        file.type(number)
        file.string(Array(key.unicodeScalars.map { UInt8($0.value) }))
        if number == 18 || number == 14 { file.length(UInt64(nodes.count)) }
        for case .text(let node) in nodes {
            if number == 18 { file.length(2) }
            file.string(node.unicodeScalars.map { UInt8($0.value) })
        }
        return try receive(file.closed(), into: JSONRenderer()).document[key]
    }

    static let packedTypes: [RDBValueType: UInt8] = Dictionary(
        uniqueKeysWithValues: [
            RDBValueType.hashZipmap, .listZiplist, .setIntset, .sortedSetZiplist, .hashZiplist, .listQuicklist, .hashListpack,
            .sortedSetListpack, .listQuicklist2, .setListpack,
        ].map { ($0, $0.byte) })
}
