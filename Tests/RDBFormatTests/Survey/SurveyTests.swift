import Foundation
import RDBFormat
import Testing

struct SurveyTests {
    /// Version, then the keys of each database by their kinds.
    static let corpus: [(file: String, version: Int, databases: [UInt64: [RDBKind: UInt64]])] = [
        ("100_lists", 11, [0: [.list: 100]]), ("empty", 11, [:]), ("function", 11, [:]), ("function2", 12, [0: [.string: 10]]),
        ("misc_with_stream", 9, [0: [.string: 3, .list: 1, .set: 1, .sortedSet: 1, .hash: 1, .stream: 5]]),
        ("module", 11, [0: [.module: 1]]), ("module_aux", 11, [9: [.string: 1]]), ("module_aux_empty", 12, [:]),
        ("module_aux_v12", 12, [0: [.module: 1]]), ("multiple_dbs", 11, [0: [.string: 1], 1: [.string: 1], 2: [.string: 1]]),
        ("redis_ent_opcode_ram_lru", 12, [0: [.string: 3]]), ("script", 11, [:]), ("script_legacy", 6, [:]),
        ("set_expired_v11", 11, [0: [.string: 1]]), ("string_lzf", 11, [0: [.string: 2]]), ("hash_v3", 7, [0: [.hash: 1]]),
        ("hash_zm_v2", 2, [0: [.hash: 1]]), ("ziplist_v3", 3, [0: [.list: 1]]),
    ]

    @Test(arguments: corpus)
    func countsTheCorpus(file: String, version: Int, databases: [UInt64: [RDBKind: UInt64]]) throws {
        let bytes = try Fixture.bytes(file + ".rdb")
        let summary = try survey(bytes)
        #expect(summary.header == RDBHeader(dialect: .redis, version: version))
        #expect(summary.byteCount == Int64(bytes.count))
        #expect(summary.notUnderstood == nil)
        #expect(summary.checksum == (version < 5 ? .absent : file == "script" ? .disabled : .proved))
        #expect(Dictionary(uniqueKeysWithValues: summary.content.databases.map { ($0.number, $0.kinds) }) == databases)
    }

    @Test
    func countsExpiriesFunctionsSlotsAndModules() throws {
        let summary = try survey(SampleFile.redis12().closed())
        #expect(summary.content.databases.map(\.number) == [0, 3])
        #expect(summary.content.databases.map(\.expiring) == [2, 0])
        #expect(summary.content.functions.count == 1)
        #expect(summary.content.moduleData.count == 1)
        #expect(summary.slots == [RDBSlot(slot: 7_638, keys: 3, expiring: 0)])
        #expect(summary.serverVersion == "7.4.1")
    }

    @Test
    func isWrittenAndReadAsJSON() throws {
        let summary = try survey(SampleFile.redis15().closed())
        let document = try JSONEncoder().encode(summary)
        #expect(try JSONDecoder().decode(RDBSummary.self, from: document) == summary)
        #expect(String(decoding: document, as: UTF8.self).contains(#""array":1"#))
    }

    @Test
    func memoryDoesNotGrowWithAKey() throws {
        var survey = RDBSurvey()
        var header = RDBFile()
        header.key(1, "list")
        header.length(200_000)
        try survey.read(header.bytes)
        var chunk = RDBFile(magic: "")
        for _ in 0..<1_000 { chunk.string("an element") }
        for _ in 0..<200 {
            try survey.read(chunk.bytes)
            #expect(survey.bufferedBytes < 16_384)
        }
    }
}
