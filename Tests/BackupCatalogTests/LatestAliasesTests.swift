import BackupCatalog
import BackupModel
import ObjectStores
import Testing

@Suite("The latest names")
struct LatestAliasesTests {
    @Test("They follow the newest recovery point and its first database")
    func following() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z")
            try await folder.add("20260214T020000Z", databases: ["call_center", "billing"])
            #expect(try await folder.store.target(ofAlias: "latest.sql.gz") == "call_center-20260214T020000Z.sql.gz")
            #expect(try await folder.store.target(ofAlias: "latest.json") == "20260214T020000Z.json")
        }
    }

    @Test("They never move backwards")
    func forwards() async throws {
        try await withFolder { folder in
            try await folder.add("20260214T020000Z")
            try await folder.add("20260213T020000Z")
            #expect(try await folder.store.target(ofAlias: "latest.json") == "20260214T020000Z.json")
            #expect(try await folder.store.target(ofAlias: "latest.sql.gz") == "call_center-20260214T020000Z.sql.gz")
        }
    }

    @Test("Each format has its own")
    func formats() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z")
            try await folder.add("20260214T020000Z", format: .custom)
            #expect(try await folder.store.target(ofAlias: "latest.dump") == "call_center-20260214T020000Z.dump")
            #expect(try await folder.store.target(ofAlias: "latest.sql.gz") == "call_center-20260213T020000Z.sql.gz")
        }
    }
}
