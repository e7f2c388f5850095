import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@testable import BackupCatalog

@Suite("What backups take up where files share blocks")
struct PhysicalSizesTests {
    private static func id(_ day: Int) throws -> RecoveryPointID { try #require(RecoveryPointID("2026020\(day)T020000Z")) }

    @Test("A block counts once, for the oldest backup that has it, however the stretches of the others overlap")
    func once() throws {
        var sizes = PhysicalSizes()
        let (first, second, third) = (try Self.id(1), try Self.id(2), try Self.id(3))
        // The newer ones' blocks are shared on both sides; what is of one file only is not told.
        sizes.add(1000, sharing: [SharedStretch(place: 0, bytes: 400), SharedStretch(place: 800, bytes: 200)], to: first)
        sizes.add(1000, sharing: [SharedStretch(place: 100, bytes: 300), SharedStretch(place: 400, bytes: 450)], to: second)
        sizes.add(50, sharing: [], to: second)
        sizes.add(700, sharing: [SharedStretch(place: 0, bytes: 700)], to: third)
        #expect(sizes[first] == 1000)
        // 300 bytes from 100 on, and 50 from 800 on, are the first one's.
        #expect(sizes[second] == 1000 - 300 - 50 + 50)
        #expect(sizes[third] == 0)
        let unknown = try Self.id(4)
        #expect(sizes[unknown] == 0)
    }

    @Test("What cannot be is not believed: stretches of no length, beyond every disk, or more of them than the file has bytes")
    func hostile() throws {
        var sizes = PhysicalSizes()
        let (first, second) = (try Self.id(1), try Self.id(2))
        let odd = [
            SharedStretch(place: .max, bytes: .max), SharedStretch(place: 5, bytes: 0), SharedStretch(place: 0, bytes: 100),
            SharedStretch(place: 0, bytes: 100),
        ]
        sizes.add(100, sharing: odd, to: first)
        sizes.add(10, sharing: odd, to: second)
        #expect(sizes[first] == 0 && sizes[second] == 0)
    }

    /// The same as counting every byte.
    @Test("Any stretches in any order come to the number of bytes that are new", arguments: 0..<200)
    func random(seed: Int) throws {
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        func next(_ bound: Int) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(state >> 33) % Int64(bound)
        }
        let id = try Self.id(1)
        var sizes = PhysicalSizes()
        var seen: Set<Int64> = []
        for _ in 0..<40 {
            let stretch = SharedStretch(place: next(200), bytes: 1 + next(30))
            let before = sizes[id]
            sizes.add(stretch.bytes, sharing: [stretch], to: id)
            let bytes = Set(stretch.place..<(stretch.place + stretch.bytes))
            let new = sizes[id] - before
            #expect(new == Int64(bytes.subtracting(seen).count))
            seen.formUnion(bytes)
        }
    }

    @Test(
        "Of a copy that shares all its blocks nothing counts, and all of it once the one before is gone",
        arguments: ReflinkFilesystem.allCases)
    func shared(kind: ReflinkFilesystem) async throws {
        try await ReflinkFilesystem.with(kind) { place in
            let store = LocalStore(root: place.appending("backups").string)
            let bytes = (0..<300_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
            let catalog = Catalog(store: store)
            let (first, second) = (try Self.id(1), try Self.id(2))
            for day in 1...2 {
                let key = "calls-\(day == 1 ? first : second).sql.gz"
                if day == 1 {
                    try await store.put(key, bytes: bytes)
                } else {
                    #expect(try await store.share(try await store.open("calls-\(first).sql.gz"), as: key) { _ in })
                }
                try await catalog.publish(try Self.manifest(day, key, bytes: Int64(bytes.count)))
            }
            // What has no place on the disk yet shares none that is known.
            try await Command("sync", ["-f", place.string]).output()
            let catalogs = Catalogs([catalog])
            let both = try await PhysicalSizes(of: catalogs.list().points, in: catalogs)
            #expect(both[first] == Int64(bytes.count) && both[second] == 0)
            try await store.delete("calls-\(first).sql.gz")
            let rest = try await PhysicalSizes(of: catalogs.list().points, in: catalogs)
            #expect(rest[first] == 0 && rest[second] == Int64(bytes.count))
        }
    }

    @Test("A store that freezes once it was listed is not waited for: lengths count, and it is named")
    func frozen() async throws {
        try await withFolder { folder in
            try await folder.add("20260201T020000Z")
            let id = try Self.id(1)
            let catalogs = Catalogs([Catalog(store: FrozenMap(inner: folder.store))])
            let points = try await catalogs.list().points
            let sizes = try await PhysicalSizes(of: points, in: catalogs, limit: .milliseconds(20))
            #expect(sizes[id] == 9 && sizes.silentStores == [folder.store.root])
            let answered = try await PhysicalSizes(of: points, in: Catalogs([folder.catalog]))
            #expect(answered[id] == 9 && answered.silentStores.isEmpty)
        }
    }

    @Test("Lengths that come to more than a number holds do not end the list")
    func huge() throws {
        var sizes = PhysicalSizes()
        let id = try Self.id(1)
        let far = [SharedStretch(place: 0, bytes: .max), SharedStretch(place: 0, bytes: .max), SharedStretch(place: 0, bytes: .max)]
        for _ in 0..<3 { sizes.add(.max, sharing: [], to: id) }
        sizes.add(10, sharing: far, to: id)
        #expect(sizes[id] == .max)
    }

    private static func manifest(_ day: Int, _ key: String, bytes: Int64) throws -> Manifest {
        let id = try id(day)
        let begin = try #require(id.instant)
        return Manifest(
            id: id, startedAt: begin, finishedAt: begin,
            artifacts: [Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "calls", bytes: bytes, sha256: "00")])
    }
}

/// A folder that does not say which blocks its files share, as one whose disk has gone away.
private struct FrozenMap: StoreAround, MappedStore {
    let inner: any BackupStore

    func sharedStretches(of key: String) async throws -> [SharedStretch] {
        try await ContinuousClock().sleep(for: .seconds(86_400))
        return []
    }
}
