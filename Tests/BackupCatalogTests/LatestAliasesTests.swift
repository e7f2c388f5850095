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

    @Test("They come back to the newest there is when the one they name is gone, as one with a wrong date that somebody moved away")
    func gone() async throws {
        try await withFolder { folder in
            try await folder.add("20991231T020000Z")
            for object in try await folder.store.list() where object.key.contains("20991231") { try await folder.store.delete(object.key) }
            try await folder.add("20260214T020000Z")
            #expect(try await folder.store.target(ofAlias: "latest.json") == "20260214T020000Z.json")
            #expect(try await folder.store.target(ofAlias: "latest.sql.gz") == "call_center-20260214T020000Z.sql.gz")
        }
    }

    @Test("One that names what is gone is taken away, though nothing takes its place")
    func dangling() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z")
            _ = try await folder.store.alias("latest.rdb.gz", to: "redis-20260213T020000Z.rdb.gz")
            try await folder.add("20260214T020000Z", databases: [])
            #expect(try await folder.store.target(ofAlias: "latest.rdb.gz") == nil)
            #expect(try await named(folder) == "call_center-20260213T020000Z.sql.gz")
        }
    }

    @Test("Each format has its own, and that of the format before goes with it: who checks it every day would check an old backup")
    func formats() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z")
            try await folder.add("20260214T020000Z", format: .custom)
            #expect(try await folder.store.target(ofAlias: "latest.dump") == "call_center-20260214T020000Z.dump")
            #expect(try await folder.store.target(ofAlias: "latest.sql.gz") == nil)
        }
    }

    @Test("So does that of a plain file when backups begin to be encrypted, and the other way round")
    func encryption() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z")
            try await folder.add("20260214T020000Z", isEncrypted: true)
            #expect(try await folder.store.target(ofAlias: "latest.sql.gz.age") == "call_center-20260214T020000Z.sql.gz.age")
            #expect(try await folder.store.target(ofAlias: "latest.sql.gz") == nil)
            try await folder.add("20260215T020000Z")
            #expect(try await folder.store.target(ofAlias: "latest.sql.gz.age") == nil)
            #expect(try await named(folder) == "call_center-20260215T020000Z.sql.gz")
        }
    }

    @Test("A run of other databases in another format leaves the main one's name alone")
    func othersFormat() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z", main: "call_center")
            try await folder.add("20260214T020000Z", databases: ["billing"], format: .custom, main: "call_center")
            #expect(try await named(folder) == "call_center-20260213T020000Z.sql.gz")
            #expect(try await folder.store.target(ofAlias: "latest.dump") == nil)
        }
    }

    @Test("A file that somebody has put under such a name is not taken away")
    func foreignFile() async throws {
        try await withFolder { folder in
            try await folder.store.put("latest.sql.zst", bytes: [1])
            try await folder.add("20260213T020000Z")
            #expect(try await folder.store.read("latest.sql.zst") == [1])
        }
    }

    private func named(_ folder: Folder) async throws -> String? { try await folder.store.target(ofAlias: "latest.sql.gz") }

    @Test("latest.sql.gz is of the main database, in whatever order a run saved them")
    func mainDatabase() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z", databases: ["billing", "call_center"], main: "call_center")
            #expect(try await named(folder) == "call_center-20260213T020000Z.sql.gz")
        }
    }

    @Test("A run without the main database leaves latest.sql.gz where it is; latest.json goes on")
    func withoutMain() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z", main: "call_center")
            try await folder.add("20260214T020000Z", databases: ["billing"], main: "call_center")
            #expect(try await named(folder) == "call_center-20260213T020000Z.sql.gz")
            #expect(try await folder.store.target(ofAlias: "latest.json") == "20260214T020000Z.json")
        }
    }

    @Test("Before there is one of the main database another may be the latest, and gives way to it")
    func givingWay() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z", databases: ["billing"], main: "call_center")
            #expect(try await named(folder) == "billing-20260213T020000Z.sql.gz")
            try await folder.add("20260214T020000Z", databases: ["billing", "call_center"], main: "call_center")
            #expect(try await named(folder) == "call_center-20260214T020000Z.sql.gz")
        }
    }

    @Test("A latest.sql.gz whose file was deleted is free for another database")
    func deletedTarget() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z", main: "call_center")
            try await folder.store.delete("call_center-20260213T020000Z.sql.gz")
            try await folder.add("20260214T020000Z", databases: ["billing"], main: "call_center")
            #expect(try await named(folder) == "billing-20260214T020000Z.sql.gz")
        }
    }

    @Test("A store without second names is told from one where they failed")
    func noSecondNames() async throws {
        try await withFolder { folder in
            let manifest = try await folder.add("20260213T020000Z")
            #expect(try await LatestAliases(store: folder.store, now: RunContext.live().now()).follow(manifest))
            #expect(try await !LatestAliases(store: PlainStore(inner: folder.store), now: RunContext.live().now()).follow(manifest))
        }
    }
}

/// A folder on a file system without symlinks.
private struct PlainStore: StoreAround, AliasingStore {
    let inner: any BackupStore

    func alias(_ alias: String, to key: String) async throws -> Bool { false }
    func removeAlias(_ alias: String) async throws {}
    func target(ofAlias alias: String) async throws -> String? { nil }
}
