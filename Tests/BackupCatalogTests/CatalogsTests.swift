import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("Several stores as one catalog")
struct CatalogsTests {
    /// Both hold the first backup, `near` alone the second.
    private func withStores(_ body: (Catalogs, _ near: LocalStore, _ far: LocalStore) async throws -> Void) async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z")
            let far = LocalStore(root: folder.path("far"))
            for object in try await folder.store.list() { try await far.put(object.key, bytes: try await folder.store.read(object.key)) }
            try await folder.add("20260214T020000Z")
            try await body(Catalogs([folder.catalog, Catalog(store: far)]), folder.store, far)
        }
    }

    @Test("lists each backup once, with its copies")
    func merged() async throws {
        try await withStores { catalogs, near, far in
            let points = try await catalogs.list().points
            #expect(points.map(\.id.description) == ["20260214T020000Z", "20260213T020000Z"])
            #expect(points.map { $0.copies.map(\.store) } == [[near.root], [near.root, far.root]])
        }
    }

    @Test("takes a sound copy for a backup whose nearest copy is damaged or incomplete")
    func soundest() async throws {
        try await withStores { catalogs, near, far in
            try await near.delete("call_center-20260213T020000Z.sql.gz")
            let point = try #require(try await catalogs.find(.idPrefix("20260213"), asOf: RunContext.live().now()))
            #expect(point.store == far.root && point.condition == .notVerified)
            #expect(point.copies.map(\.condition) == [.missingFiles, .notVerified])
        }
    }

    @Test("takes another backup of the same second for none of its copies")
    func namesake() async throws {
        try await withStores { catalogs, near, far in
            let key = "20260213T020000Z.json"
            var other = try Manifest.decode(try await far.read(key), name: key)
            other.artifacts[0].sha256 = "11"
            let document = try other.encoded()
            try await far.update(key) { _ in document }
            let point = try #require(try await catalogs.find(.idPrefix("20260213"), asOf: RunContext.live().now()))
            #expect(point.copies.map(\.store) == [near.root])
            #expect(point.contradictions.map(\.otherStore) == [far.root])
            #expect(point.contradictions.first?.description.contains("do not agree on its files") == true)
        }
    }

    @Test("keeps what is pinned in any store, also where its manifest says something else", arguments: [true, false])
    func pinned(isNear: Bool) async throws {
        try await withStores { catalogs, near, far in
            let key = "20260213T020000Z.json"
            var other = try Manifest.decode(try await far.read(key), name: key)
            other.artifacts[0].sha256 = "11"
            let document = try other.encoded()
            try await far.update(key) { _ in document }
            let pin = Pin(at: Instant(secondsSinceEpoch: 0))
            try await Catalog(store: isNear ? near : far).pin(other.id, pin)
            let listing = try await catalogs.list()
            #expect(listing.points.last?.manifest.pin == pin && listing.contradictions.count == 1)
            #expect(listing.missingPins.map(\.store) == [isNear ? far.root : near.root])
            #expect(listing.missingPins.map(\.id) == [other.id])
        }
    }

    @Test("believes what most stores say, and of two the one whose time fits the name", arguments: [true, false])
    func majority(isOfTime: Bool) async throws {
        try await withStores { _, near, far in
            let key = "20260213T020000Z.json"
            var wrong = try Manifest.decode(try await near.read(key), name: key)
            if isOfTime { wrong.startedAt = wrong.startedAt + .seconds(-86_400 * 300) } else { wrong.artifacts[0].sha256 = "11" }
            let document = try wrong.encoded()
            try await near.update(key) { _ in document }
            let third = LocalStore(root: far.root + "/third")
            for object in try await far.list() { try await third.put(object.key, bytes: try await far.read(object.key)) }
            let stores = isOfTime ? [near, far] : [near, far, third]
            let listing = try await Catalogs(stores.map { Catalog(store: $0) }).list()
            let point = try #require(listing.points.last)
            #expect(point.copies.map(\.store) == stores.dropFirst().map(\.root))
            #expect(listing.contradictions.map(\.otherStore) == [near.root])
            #expect(listing.contradictions.map(\.isOfTime) == [isOfTime])
        }
    }

    @Test("says of the latest that another server stores in the same place: by turns, or until now")
    func strangers() async throws {
        func stranger(_ servers: [String?]) async throws -> String? {
            var found: String?
            try await withFolder { folder in
                for (day, server) in servers.enumerated() {
                    try await folder.add("2026020\(day + 1)T020000Z")
                    guard let server, let id = RecoveryPointID("2026020\(day + 1)T020000Z") else { continue }
                    try await folder.catalog.change(id) {
                        $0.postgres = PostgresFacts(serverVersion: "17.1", systemIdentifier: server, isStandby: false, snapshots: [])
                    }
                }
                found = try await Catalogs([folder.catalog]).find(.latest, asOf: RunContext.live().now())?.stranger?.description
            }
            return found
        }
        #expect(try await stranger(["1", "1", "1"]) == nil)
        #expect(try await stranger(["2", "2", "1"]) == "20260202T020000Z")
        #expect(try await stranger(["1", "2", "1", "1"]) == "20260202T020000Z")
        // A server that was made anew is the only one since.
        #expect(try await stranger(["2", "2", "1", "1"]) == nil)
        #expect(try await stranger([nil, "2", nil]) == nil)
    }

    @Test("tells, where all manifests are gone, how to use the dumps that are left")
    func manifestless() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z")
            try await folder.store.delete("20260213T020000Z.json")
            let error = await #expect(throws: BackupError.self) {
                try await Catalogs([folder.catalog]).find(.latest, asOf: RunContext.live().now())
            }
            #expect(error?.code == .artifactMissing)
            let command = "`call-center-admin db restore \(folder.path("call_center-20260213T020000Z.sql.gz"))`"
            #expect(error?.hint?.contains(command) == true, "\(error?.hint ?? "")")
        }
    }

    @Test("goes on without a store that cannot be listed, and names it; fails when none can be")
    func unreachable() async throws {
        try await withStores { _, near, far in
            let nowhere = Catalog(store: LocalStore(root: far.root + "/nowhere"))
            let listing = try await Catalogs([nowhere, Catalog(store: near)]).list()
            #expect(listing.points.count == 2)
            #expect(listing.unreachable.map(\.store) == [far.root + "/nowhere"])
            #expect(listing.points.allSatisfy { $0.unknownStores == [far.root + "/nowhere"] })
            #expect(listing.points.first?.unknownReasons == [far.root + "/nowhere": "there is no folder \(far.root)/nowhere"])
            // An error that names the store is not put behind its name once more.
            #expect(listing.unreachable.map { "\($0)".ranges(of: far.root).count } == [1])
            await #expect(throws: BackupError.self) { try await Catalogs([nowhere, nowhere]).list() }
        }
    }

    @Test("records what passed wherever the same file is, and what failed only beside the copy that failed")
    func verdicts() async throws {
        try await withStores { catalogs, near, far in
            let point = try #require(try await catalogs.find(.idPrefix("20260213"), asOf: RunContext.live().now()))
            let artifact = point.dumps[0]
            func record(_ passed: Bool, in catalog: Catalog) async throws {
                let verdict = Verification(
                    artifact: artifact.key, level: .restore, at: point.manifest.finishedAt, seconds: 1, passed: passed, reasons: [])
                #expect(try await catalogs.record(verdict, on: artifact, of: point.id, in: catalog).isEmpty)
            }
            func conditions() async throws -> [RecoveryPoint.Condition] {
                try await catalogs.find(.id(point.id), asOf: RunContext.live().now())?.copies.map(\.condition) ?? []
            }
            try await record(true, in: catalogs.all[0])
            #expect(try await conditions() == [.verified, .verified])
            try await record(false, in: catalogs.all[1])
            #expect(try await conditions() == [.verified, .verificationFailed])
            #expect(try await catalogs.find(.id(point.id), asOf: RunContext.live().now())?.store == near.root)
            #expect(catalogs.all[1].store.name == far.root)
            // Also in the manifest of the copy that failed, and in no other.
            let whole = try #require(try await catalogs.find(.id(point.id), asOf: RunContext.live().now()))
            #expect(
                whole.manifest.verifications.map(\.passed) == [true] && whole.verifications.map(\.passed).sorted { $1 } == [false, true])
        }
    }
}
