import DumpSamples
import Testing

@testable import DumpFormat

struct CensusTests {
    @Test
    func differencesNameKindAndNumbers() {
        let expected = Census(["tables": 3, "indexes": 12, "rules": 1])
        let found = Census(["tables": 3, "indexes": 11, "views": 2])
        let differences = Census.differences(expected: expected, found: found)
        #expect(differences.map(\.description) == ["indexes: 11 instead of 12", "rules: 0 instead of 1", "views: 2 instead of 0"])
        #expect(Census.differences(expected: expected, found: expected) == [])
    }

    @Test
    func standsInTheIndexAsAnObjectWhereThereIsOne() throws {
        var index = try SampleDump.small(.gzip).write().index
        #expect(!String(decoding: try index.json(), as: UTF8.self).contains("census"))
        index.census = Census(["views": 2, "indexes": 12])
        let json = try index.json()
        #expect(String(decoding: json, as: UTF8.self).contains(#""census":{"indexes":12,"views":2}"#))
        #expect(try DumpIndex(json: json) == index)
    }
}
