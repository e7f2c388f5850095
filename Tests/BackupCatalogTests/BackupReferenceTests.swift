import BackupCatalog
import BackupModel
import ObjectStores
import Testing

@Suite("What operators type to name a backup")
struct BackupReferenceTests {
    @Test("Ids, beginnings of ids, latest and paths are told apart")
    func forms() throws {
        #expect(BackupReference("latest") == .latest)
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        #expect(BackupReference("20260214T020000Z") == .id(id))
        for prefix in ["2026", "20260214", "20260214T", "20260214T0200"] { #expect(BackupReference(prefix) == .idPrefix(prefix)) }
        for path in ["/backups/latest.sql.gz", "a.sql.gz", "./20260214", "202", "20260214X", ""] {
            #expect(BackupReference(path) == .path(path))
        }
    }

    @Test("Each finds its recovery point")
    func found() async throws {
        try await withFolder { folder in
            for id in ["20260213T020000Z", "20260214T020000Z"] { try await folder.add(id) }
            func find(_ text: String) async throws -> String? {
                try await Catalogs([folder.catalog]).find(BackupReference(text), asOf: RunContext.live().now())?.id.description
            }
            #expect(try await find("latest") == "20260214T020000Z")
            #expect(try await find("20260213") == "20260213T020000Z")
            #expect(try await find("20260213T020000Z") == "20260213T020000Z")
            #expect(try await find("/elsewhere/a.sql.gz") == nil)
        }
    }

    @Test("A backup of the future is not the latest, unless there is no other")
    func future() async throws {
        try await withFolder { folder in
            for id in ["20260213T020000Z", "20260214T020000Z"] { try await folder.add(id) }
            var listing = try await folder.catalog.list()
            let eve = try #require(RecoveryPointID("20260213T030000Z")?.instant)
            #expect(listing.passOver(after: eve).map(\.description) == ["20260214T020000Z"])
            #expect(try listing.find(.latest, in: "here")?.id.description == "20260213T020000Z")
            #expect(listing.passOver(after: Instant(secondsSinceEpoch: 0)).isEmpty && listing.points.count == 1)
        }
    }

    @Test("The newest is the latest even when its files are gone: an older one is never passed off as it")
    func honestLatest() async throws {
        try await withFolder { folder in
            for id in ["20260213T020000Z", "20260214T020000Z"] { try await folder.add(id) }
            try await folder.store.delete("call_center-20260214T020000Z.sql.gz")
            let latest = try #require(try await Catalogs([folder.catalog]).find(.latest, asOf: RunContext.live().now()))
            #expect(latest.id.description == "20260214T020000Z")
            #expect(latest.condition == .missingFiles)
        }
    }

    @Test("When the newest manifest is torn, that is said")
    func tornLatest() async throws {
        try await withFolder { folder in
            for id in ["20260213T020000Z", "20260214T020000Z"] { try await folder.add(id) }
            try await folder.store.update("20260214T020000Z.json") { _ in [] }
            let error = try await #require(throws: BackupError.self) {
                _ = try await Catalogs([folder.catalog]).find(.latest, asOf: RunContext.live().now())
            }
            #expect(error.message.hasPrefix("the newest backup cannot be read: 20260214T020000Z.json in "))
            #expect(error.hint?.contains("20260213T020000Z") == true)
        }
    }

    @Test("The beginning of an ID means a backup also when its manifest is torn, and then that is said")
    func tornBeginning() async throws {
        try await withFolder { folder in
            for id in ["20260213T020000Z", "20260214T020000Z", "20260214T030000Z"] { try await folder.add(id) }
            for id in ["20260213T020000Z", "20260214T030000Z"] { try await folder.store.update(id + ".json") { _ in [] } }
            let torn = try await #require(throws: BackupError.self) {
                _ = try await Catalogs([folder.catalog]).find(.idPrefix("20260213"), asOf: RunContext.live().now())
            }
            #expect(torn.code == .failed)
            #expect(torn.message.hasPrefix("the backup 20260213… cannot be read: 20260213T020000Z.json in "))
            let several = try await #require(throws: BackupError.self) {
                _ = try await Catalogs([folder.catalog]).find(.idPrefix("20260214"), asOf: RunContext.live().now())
            }
            #expect(several.message == "20260214… names 2 backups: 20260214T030000Z, 20260214T020000Z")
        }
    }

    @Test("Ambiguous beginnings list the candidates")
    func ambiguous() async throws {
        try await withFolder { folder in
            for id in ["20260213T020000Z", "20260214T020000Z"] { try await folder.add(id) }
            let error = try await #require(throws: BackupError.self) {
                _ = try await Catalogs([folder.catalog]).find(BackupReference("202602"), asOf: RunContext.live().now())
            }
            #expect(error.code == .invalidUsage)
            #expect(error.message == "202602… names 2 backups: 20260214T020000Z, 20260213T020000Z")
        }
    }

    @Test("What is not there is said, with the next command", arguments: ["latest", "20260214T020000Z", "2026"])
    func missing(text: String) async throws {
        try await withFolder { folder in
            try await folder.store.put("notes.txt", bytes: [1])
            let error = try await #require(throws: BackupError.self) {
                _ = try await Catalogs([folder.catalog]).find(BackupReference(text), asOf: RunContext.live().now())
            }
            #expect(error.code == .artifactMissing)
            #expect(error.message.contains("there is no backup"))
            #expect(error.hint?.contains("call-center-admin db ") == true)
        }
    }

    @Test("A dump without a manifest is named as a shell takes it, whatever somebody has called it")
    func hostileName() throws {
        var listing = CatalogListing(
            points: [], unreadable: [],
            orphans: [StoredObject(key: "x$(id).sql.gz", bytes: 1, modifiedAt: Instant(secondsSinceEpoch: 0))])
        listing.strayStores = ["x$(id).sql.gz": ["s3://shared/daily"]]
        let error = #expect(throws: BackupError.self) { try listing.find(.latest, in: "s3://shared/daily") }
        for verb in ["verify-backup", "restore"] {
            #expect(
                error?.hint?.contains("`call-center-admin db \(verb) 's3://shared/daily/x$(id).sql.gz'`") == true, "\(error?.hint ?? "")")
        }
    }
}
