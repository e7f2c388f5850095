import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import SystemPackage
import Testing

@testable import BackupCatalog

@Suite("The cache of far manifests")
struct ManifestCacheTests {
    /// A folder that counts reads and gives tags, as a bucket does.
    private final class Far: BackupStore {
        let near: LocalStore
        let reads = Mutex(0)
        let generation = Mutex(1)

        init(_ near: LocalStore) { self.near = near }

        var name: String { "s3://far" }
        func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
            try await near.put(key, body)
        }
        func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
            try await near.update(key, change)
        }
        func delete(_ key: String) async throws { try await near.delete(key) }
        func open(_ key: String) async throws -> any RandomAccessBytes {
            reads.withLock { $0 += 1 }
            return try await near.open(key)
        }
        func list() async throws -> [StoredObject] {
            let tag = generation.withLock { "\($0)" }
            return try await near.list().map { StoredObject(key: $0.key, bytes: $0.bytes, modifiedAt: $0.modifiedAt, tag: tag) }
        }
    }

    private func withFar(_ body: (Far, _ state: String) async throws -> Void) async throws {
        try await withFolder { folder in
            for id in ["20260213T020000Z", "20260214T020000Z"] { try await folder.add(id) }
            try await body(Far(folder.store), folder.path("state"))
        }
    }

    @Test("reads a manifest once until it changes, also after a restart, and again once it is cleared")
    func cached() async throws {
        try await withFar { far, state in
            let points = try await Catalog(store: far, cache: try ManifestCache(folder: state)).list().points
            #expect(points.count == 2 && far.reads.withLock { $0 } == 2)
            let cache = try ManifestCache(folder: state)
            let catalog = Catalog(store: far, cache: cache)
            #expect(try await catalog.list().points == points)
            #expect(far.reads.withLock { $0 } == 2)
            far.generation.withLock { $0 += 1 }
            #expect(try await catalog.list().points.count == 2)
            #expect(far.reads.withLock { $0 } == 4)
            try await cache.clear()
            #expect(try await catalog.list().points == points)
            #expect(far.reads.withLock { $0 } == 6)
        }
    }

    @Test("is not deleted for trouble that is not its own")
    func unopened() async throws {
        try await withFolder { folder in
            let inside = LocalStore(root: folder.path("state/catalog.sqlite"))
            try await inside.put("file", bytes: [1])
            let error = #expect(throws: BackupError.self) { try ManifestCache(folder: folder.path("state")) }
            #expect(error?.code == .storeFailed)
            #expect(try await inside.read("file") == [1])
        }
    }

    @Test("is made anew where its file is no database, and nothing is lost with it")
    func damaged() async throws {
        try await withFar { far, state in
            _ = try await Catalog(store: far, cache: try ManifestCache(folder: state)).list()
            try await Command("bash", ["-c", "head -c 20000 /dev/urandom > \"$1/catalog.sqlite\"", "damage", state]).output()
            let points = try await Catalog(store: far, cache: try ManifestCache(folder: state)).list().points
            #expect(points.count == 2)
            let mode = try await Command("stat", ["-c", "%a", state + "/catalog.sqlite"]).output()
            #expect(mode == "600\n")
        }
    }
}
