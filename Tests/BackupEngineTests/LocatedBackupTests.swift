import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("What operators name, found")
struct LocatedBackupTests {
    private static let id = "20260214T020000Z"

    /// A folder with one recovery point of two databases, and a locator over it.
    private func withLocator(_ body: (BackupLocator, LocalStore) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string + "/backups")
            let id = try #require(RecoveryPointID(Self.id))
            let begin = try #require(id.instant)
            var artifacts: [Artifact] = []
            for database in ["call_center", "billing"] {
                let key = ArtifactName.dump(of: database, id: id, format: .gzippedSQL)
                try await store.put(key, bytes: [1, 2, 3])
                artifacts.append(
                    Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: database, bytes: 3, sha256: "00"))
            }
            let manifest = Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: artifacts)
            try await Catalog(store: store).publish(manifest)
            try await LatestAliases(store: store, now: begin).follow(manifest)
            let context = RunContext(now: { begin }, currentFolder: folder.string)
            try await body(BackupLocator(catalogs: Catalogs([Catalog(store: store)]), context: context), store)
        }
    }

    @Test("An id stands for all files of its recovery point", arguments: ["latest", "20260214", "20260214T020000Z"])
    func ids(text: String) async throws {
        try await withLocator { locator, store in
            let files = try await locator.files(of: text)
            #expect(files.map(\.path) == ["call_center", "billing"].map { "\(store.root)/\($0)-\(Self.id).sql.gz" })
            #expect(files.allSatisfy { $0.artifact != nil && $0.id?.description == Self.id })
        }
    }

    @Test("A path stands for itself, through links and relative to the current folder, with what the manifest beside it says")
    func paths() async throws {
        try await withLocator { locator, store in
            let name = "call_center-\(Self.id).sql.gz"
            for text in [store.root + "/latest.sql.gz", "backups/" + name, "./backups/" + name, name] {
                let file = try #require(try await locator.files(of: text).first)
                #expect(file.path == "\(store.root)/\(name)", "\(text)")
                #expect(file.artifact?.database == "call_center")
            }
        }
    }

    @Test("The latest is not of the future: a backup by a clock that was wrong is passed over, and that is said")
    func misdated() async throws {
        try await withLocator { locator, store in
            let future = try #require(RecoveryPointID("20270101T000000Z"))
            let begin = try #require(future.instant)
            try await Catalog(store: store).publish(Manifest(id: future, startedAt: begin, finishedAt: begin, artifacts: []))
            let files = try await locator.files(of: "latest")
            #expect(files.map(\.id?.description) == [Self.id, Self.id])
            #expect(files.allSatisfy { $0.doubt?.contains("20270101T000000Z is of the future") == true })
            #expect(try await locator.files(of: "20260214").allSatisfy { $0.doubt == nil })
        }
    }

    @Test("A later file that no manifest names is told of by who takes the latest, and by nobody else")
    func newerStray() async throws {
        try await withLocator { locator, store in
            for key in ["billing-20260213T020000Z.sql.gz", "manual.sql.gz"] { try await store.put(key, bytes: [1]) }
            #expect(try await locator.files(of: "latest").allSatisfy { $0.doubt == nil })
            let keys = ["billing-20260215T020000Z.sql.gz", "billing-20260216T020000Z.sql.gz"]
            for key in keys { try await store.put(key, bytes: [1]) }
            let files = try await locator.files(of: "latest")
            #expect(files.map(\.id?.description) == [Self.id, Self.id])
            let doubt = try #require(files.first?.doubt)
            #expect(doubt.contains("no manifest names \(keys[1]), which is newer"), "\(doubt)")
            #expect(doubt.contains("`call-center-admin db sync`"), "\(doubt)")
            #expect(try await locator.files(of: Self.id).allSatisfy { $0.doubt == nil })
        }
    }

    @Test("A link that is not of the newest backup is told; one that is gone names what has taken its place")
    func staleLinks() async throws {
        try await withLocator { locator, store in
            #expect(try await locator.files(of: store.root + "/latest.sql.gz").first?.doubt == nil)
            try await store.alias("latest.json", to: "20260215T020000Z.json")
            let stale = try #require(try await locator.files(of: store.root + "/latest.sql.gz").first)
            #expect(stale.doubt == "it is of backup \(Self.id), and the newest one is 20260215T020000Z")
            try await store.put("new", bytes: [1])
            try await store.alias("latest.sql.gz.age", to: "new")
            try await store.removeAlias("latest.sql.gz")
            let error = await #expect(throws: BackupError.self) { try await locator.files(of: store.root + "/latest.sql.gz") }
            #expect(error?.code == .artifactMissing && error?.hint?.contains("\(store.root)/latest.sql.gz.age") == true)
        }
    }

    @Test("A file without a manifest is known by its name alone")
    func loneFile() async throws {
        try await withLocator { locator, store in
            try await store.delete(Self.id + ".json")
            let file = try await locator.dump(of: "\(store.root)/billing-\(Self.id).sql.gz")
            #expect(file.artifact == nil)
            #expect(file.id?.description == Self.id)
        }
    }

    @Test("A file whose manifest cannot be read is found, with the doubt that goes with it")
    func tornManifest() async throws {
        try await withLocator { locator, store in
            try await store.update(Self.id + ".json") { _ in Array("{ torn".utf8) }
            let file = try await locator.dump(of: "\(store.root)/billing-\(Self.id).sql.gz")
            #expect(file.artifact == nil)
            #expect(file.doubt?.contains("\(Self.id).json in \(store.root) is not a readable manifest") == true)
        }
    }

    @Test("A folder is no backup")
    func folder() async throws {
        try await withLocator { locator, store in
            let error = try await #require(throws: BackupError.self) { _ = try await locator.files(of: store.root) }
            #expect(error.code == .invalidUsage)
            #expect(error.message == "\(store.root) is a folder, not a backup")
            #expect(error.hint?.contains("db list") == true)
        }
    }

    @Test("A restore of several databases has to name one")
    func severalDatabases() async throws {
        try await withLocator { locator, store in
            let error = try await #require(throws: BackupError.self) { _ = try await locator.dump(of: "latest") }
            #expect(error.code == .invalidUsage)
            #expect(error.hint?.contains("\(store.root)/billing-\(Self.id).sql.gz") == true)
        }
    }

    @Test("Who names a bucket and forgets what stands before its keys is told what to type", arguments: ["latest", "20260214T020000Z"])
    func forgottenPrefix(reference: String) async throws {
        try await withLocator { _, store in
            let kept = ObservedStore(store, name: "s3://bucket/backups")
            try await Command("mkdir", [store.root + "/../empty"]).output()
            let empty = ObservedStore(LocalStore(root: store.root + "/../empty"), name: "s3://bucket")
            let locator = BackupLocator(
                catalogs: Catalogs([Catalog(store: kept)]), context: RunContext(now: { Instant(secondsSinceEpoch: 1_771_034_400) }),
                foreignStore: { url in (empty, String(url.dropFirst("s3://bucket/".count))) })
            let error = try await #require(throws: BackupError.self) { _ = try await locator.dump(of: "s3://bucket/\(reference)") }
            #expect(error.code == .artifactMissing)
            #expect(error.hint?.contains("kept in s3://bucket/backups there: name s3://bucket/backups/\(reference)") == true, "\(error)")
            #expect(try await locator.files(of: "s3://bucket/backups/\(reference)").count == 2)
        }
    }

    @Test("Files that are gone are named")
    func gone() async throws {
        try await withLocator { locator, store in
            try await store.delete("billing-\(Self.id).sql.gz")
            let error = try await #require(throws: BackupError.self) { _ = try await locator.files(of: "latest") }
            #expect(error.code == .artifactMissing)
            #expect(error.message.hasPrefix("billing-\(Self.id).sql.gz of backup \(Self.id) is not in "))
            await #expect(throws: BackupError.self) { _ = try await locator.files(of: "/nonexistent.sql.gz") }
        }
    }
}
