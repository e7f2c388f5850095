import DumpSamples
import Testing

@testable import DumpFormat

struct GroundTests {
    private static let ground = DumpIndex.Ground(
        xmin: 7 << 32 + 5, xmax: 7 << 32 + 9, database: "16384 700", serverStartedAt: "2026-02-01 00:00:00.123456+00",
        countingSince: "2026-02-01 00:00:01+00", checkpointerStartedAt: nil, timeline: 1)

    @Test
    func standsInTheIndexWithIDsOfSixtyFourBits() throws {
        var index = try SampleDump.small(.gzip).write().index
        index.ground = Self.ground
        index.tables[0].definition = "d1"
        index.tables[0].segments[0].readAt = "2026-02-13T02:00:00Z"
        index.schemaGround = DumpIndex.SchemaGround(
            program: "pg_dump 15.4, pg_restore 15.4", surroundings: "s1", catalogs: ["pg_class": 400])
        index.scripts[0].readAt = "2026-02-12T02:00:00Z"
        let json = String(decoding: try index.json(), as: UTF8.self)
        #expect(json.contains("\"xmin\":30064771077") && json.contains("\"definition\":\"d1\""))
        #expect(json.contains("\"catalogs\":{\"pg_class\":400}"))
        #expect(try DumpIndex(json: Array(json.utf8)) == index)
    }

    @Test
    func isMissingInDumpsOfEarlierVersions() throws {
        let json = String(decoding: try SampleDump.small(.gzip).write().index.json(), as: UTF8.self)
        #expect(!json.contains("ground") && !json.contains("Ground") && !json.contains("readAt"))
        let index = try DumpIndex(json: Array(json.utf8))
        #expect(index.ground == nil && index.schemaGround == nil)
    }
}
