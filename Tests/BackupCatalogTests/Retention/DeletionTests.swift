import BackupModel
import ObjectStores
import Synchronization
import Testing

@testable import BackupCatalog

@Suite("Deletion of recovery points")
struct DeletionTests {
    private let old = "20260213T020000Z"

    private func point(_ folder: Folder, _ id: String) async throws -> RecoveryPoint {
        try #require(try await folder.catalog.list().points.first { "\($0.id)" == id })
    }

    private func keys(_ folder: Folder) async throws -> [String] { try await folder.store.list().map(\.key) }

    @Test("It takes what belongs to the point, and nothing else")
    func removal() async throws {
        try await withFolder { folder in
            try await folder.add(old, databases: ["call_center", "billing"])
            try await folder.add("20260214T020000Z")
            let strangers = ["call_center-\(old).sql.gz.bak", "x-\(old).txt", "before-restore-\(old).rdb.gz", "\(old).json.old", "README"]
            for stranger in strangers { try await folder.store.put(stranger, bytes: [1]) }
            let outcome = try await Deletion(folder.catalog).remove(try await point(folder, old), sparing: [])
            #expect(outcome == .removed(bytes: 13))
            let kept = ["20260214T020000Z.json", "call_center-20260214T020000Z.sql.gz", "globals-20260214T020000Z.sql"]
            #expect(try await keys(folder) == (strangers + kept).sorted())
        }
    }

    @Test("A file that another manifest names, or that carries another ID, is spared")
    func spared() async throws {
        try await withFolder { folder in
            var manifest = try await folder.add(old)
            try await folder.store.put("call_center-20200101T000000Z.sql.gz", bytes: [1])
            manifest.artifacts.append(
                Artifact(
                    key: "call_center-20200101T000000Z.sql.gz", kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 1,
                    sha256: "00"))
            let changed = manifest
            try await folder.store.update("\(old).json") { _ in try changed.encoded() }
            let other = "globals-\(old).sql"
            #expect(try await Deletion(folder.catalog).remove(try await point(folder, old), sparing: [other]) == .removed(bytes: 10))
            #expect(try await keys(folder) == ["call_center-20200101T000000Z.sql.gz", other])
        }
    }

    @Test("What somebody pinned since the plan was made stays")
    func changed() async throws {
        try await withFolder { folder in
            try await folder.add(old)
            let planned = try await point(folder, old)
            try await folder.catalog.pin(planned.id, Pin(at: Instant(secondsSinceEpoch: 0)))
            #expect(try await Deletion(folder.catalog).remove(planned, sparing: []) == .changed)
            #expect(try await folder.catalog.list().points.map(\.missing) == [[]])
            try await folder.catalog.pin(planned.id, nil)
            #expect(try await point(folder, old) == planned)
        }
    }

    @Test("What somebody pinned while the tombstone was written stays, and the tombstone goes")
    func changedMeanwhile() async throws {
        try await withFolder { folder in
            try await folder.add(old)
            let planned = try await point(folder, old)
            let pinning = Catalog(store: PinningStore(folder.store, pinning: planned.id))
            #expect(try await Deletion(pinning).remove(planned, sparing: []) == .changed)
            let listing = try await folder.catalog.list()
            #expect(listing.points.map(\.manifest.pin) == [Pin(at: Instant(secondsSinceEpoch: 0))] && listing.points.allSatisfy(\.isSound))
            #expect(try await keys(folder).count == 3)
        }
    }

    @Test("Interrupted anywhere it leaves nothing that is listed and not whole, and the next one finishes it", arguments: 0..<6)
    func interruption(after steps: Int) async throws {
        try await withFolder { folder in
            try await folder.add(old)
            try await folder.add("20260214T020000Z")
            let before = try await point(folder, old)
            let dying = Catalog(store: DyingStore(folder.store, steps: steps))
            let outcome = try? await Deletion(dying).remove(before, sparing: [])
            #expect((outcome == .removed(bytes: 9)) == (steps == 5))
            let listing = try await folder.catalog.list()
            #expect(listing.points.allSatisfy { $0.missing.isEmpty } && listing.orphans.isEmpty && listing.unreadable.isEmpty)
            for (id, outcome) in try await Deletion(folder.catalog).resume(sparing: []) {
                #expect("\(id)" == old && outcome == .removed(bytes: 9))
            }
            // Before the manifest was gone nothing was lost, and nothing is removed without a new decision.
            #expect(try await folder.catalog.list().points.count == (steps < 2 ? 2 : 1))
            #expect(try await keys(folder).count == (steps < 2 ? 6 : 3))
        }
    }

    @Test("Interrupted when the manifest was gone, and the store keeps the files: the next one gives the manifest back")
    func interruptionBeforeLock() async throws {
        try await withFolder { folder in
            try await folder.add(old)
            let before = try await point(folder, old)
            // The tombstone is written and the manifest deleted, and nothing else.
            let dying = Catalog(store: DyingStore(folder.store, steps: 2))
            await #expect(throws: BackupError.self) { try await Deletion(dying).remove(before, sparing: []) }
            let left = try await keys(folder)
            #expect(left == ["\(old).deleted", "call_center-\(old).sql.gz", "globals-\(old).sql"])
            let locking = Catalog(store: LockingStore(inner: folder.store, ending: "sql.gz"))
            let outcomes = try await Deletion(locking).resume(sparing: [])
            #expect(outcomes.map(\.1) == [.locked("it is kept until 2030")])
            let after = try await point(folder, old)
            #expect(after == before)
            let whole = try await keys(folder)
            #expect(whole == ["\(old).json", "call_center-\(old).sql.gz", "globals-\(old).sql"])
            let again = try await Deletion(locking).resume(sparing: [])
            #expect(again.isEmpty)
        }
    }

    @Test(
        "A tombstone that cannot be understood takes nothing with it, is told, and keeps no other from being finished",
        arguments: [
            ("{", "is not a readable manifest", "Move it away by hand: then its files are told as files of no backup."),
            (#"{"formatVersion": 99}"#, "has manifest format 99", "Use the newer call-center-admin that wrote it."),
            ("other", "speaks of 20260214T020000Z. ", "Move it away by hand: then its files are told as files of no backup."),
        ]
    )
    func damagedTombstone(text: String, reason: String, remedy: String) async throws {
        try await withFolder { folder in
            let (later, stranger) = ("20260215T020000Z", "20260214T020000Z")
            for id in [old, later] { try await begin(folder, id) }
            let other = try await folder.add(stranger).encoded()
            try await folder.store.delete("\(old).deleted")
            try await folder.store.put("\(old).deleted", bytes: text == "other" ? other : Array(text.utf8))
            let before = try await keys(folder)
            let outcomes = try await Deletion(folder.catalog).resume(sparing: [])
            #expect(outcomes.map { "\($0.0)" } == [old, later] && outcomes.last?.1 == .removed(bytes: 9))
            guard case .unfinished(let why)? = outcomes.first?.1 else {
                Issue.record("it was not told: \(outcomes)")
                return
            }
            #expect(
                why.hasPrefix("\(old).deleted in \(folder.store.root) ") && why.contains(reason) && why.hasSuffix(". \(remedy)"), "\(why)")
            #expect(try await keys(folder) == before.filter { !$0.contains(later) })
        }
    }

    @Test("A tombstone that another host takes away meanwhile is its business, and keeps no other from being finished")
    func vanishedTombstone() async throws {
        try await withFolder { folder in
            let later = "20260215T020000Z"
            for id in [old, later] { try await begin(folder, id) }
            let racing = Catalog(store: ForgettingStore(folder.store, forgetting: "\(old).deleted"))
            let outcomes = try await Deletion(racing).resume(sparing: [])
            #expect(outcomes.map { "\($0.0)" } == [later] && outcomes.map(\.1) == [.removed(bytes: 9)])
            #expect(try await keys(folder) == ["call_center-\(old).sql.gz", "globals-\(old).sql"])
        }
    }

    /// A backup of which the tombstone is written and the manifest deleted, and nothing else.
    private func begin(_ folder: Folder, _ id: String) async throws {
        try await folder.add(id)
        let dying = Catalog(store: DyingStore(folder.store, steps: 2))
        let before = try await point(folder, id)
        await #expect(throws: BackupError.self) { try await Deletion(dying).remove(before, sparing: []) }
    }

    @Test("A lock on one of its files keeps all of it, where the store says so before")
    func lockedFile() async throws {
        try await withFolder { folder in
            try await folder.add(old, databases: ["call_center", "billing"])
            let store = LockedStore(folder.store, ["globals-\(old).sql": "under a legal hold"])
            let outcome = try await Deletion(Catalog(store: store)).remove(try await point(folder, old), sparing: [])
            #expect(outcome == .locked("globals-\(old).sql in \(folder.store.root) is under a legal hold"))
            #expect(try await folder.catalog.list().points.map(\.missing) == [[]])
            #expect(try await keys(folder).count == 4)
        }
    }

    @Test("What the store keeps is left as it was, and told", arguments: ["json", "sql.gz", "sql", "deleted"])
    func locks(ending: String) async throws {
        try await withFolder { folder in
            try await folder.add(old)
            let locking = Catalog(store: LockingStore(inner: folder.store, ending: ending))
            let outcome = try await Deletion(locking).remove(try await point(folder, old), sparing: [])
            switch ending {
            case "json", "sql.gz":
                #expect(outcome == .locked("it is kept until 2030"))
                #expect(try await folder.catalog.list().points.map(\.missing) == [[]])
                #expect(try await keys(folder).count == 3)
            case "sql":
                // It did not say before that it keeps this one.
                #expect(outcome == .locked("it is kept until 2030"))
                #expect(try await keys(folder) == ["\(old).deleted", "globals-\(old).sql"])
                #expect(try await folder.catalog.list().deletions.map(\.description) == [old])
                // Once the lock has run out.
                _ = try await Deletion(folder.catalog).resume(sparing: [])
                #expect(try await keys(folder).isEmpty)
            default:
                #expect(outcome == .removed(bytes: 9))
                #expect(try await keys(folder) == ["\(old).deleted"])
                // Nothing is left to be done, nor to be told again at every pruning.
                #expect(try await Deletion(locking).resume(sparing: []).isEmpty)
                #expect(try await folder.catalog.list().deletions.isEmpty)
            }
        }
    }
}

/// A store in which somebody pins a backup while its tombstone is written.
private struct PinningStore: StoreAround {
    let inner: any BackupStore
    let id: RecoveryPointID

    init(_ store: LocalStore, pinning id: RecoveryPointID) { (self.inner, self.id) = (store, id) }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await Catalog(store: inner).pin(id, Pin(at: Instant(secondsSinceEpoch: 0)))
        return try await inner.put(key, body)
    }
}

/// A store of which another host takes a file away once it has been listed.
private struct ForgettingStore: StoreAround {
    let inner: any BackupStore
    let key: String

    init(_ store: LocalStore, forgetting key: String) { (self.inner, self.key) = (store, key) }

    func list() async throws -> [StoredObject] {
        let found = try await inner.list()
        try await inner.delete(key)
        return found
    }
}

/// A store whose program dies after so many changes.
private struct DyingStore: StoreAround {
    let inner: any BackupStore
    private let left: StepCount

    init(_ store: LocalStore, steps: Int) {
        self.inner = store
        left = StepCount(steps)
    }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try left.take()
        return try await inner.put(key, body)
    }

    func delete(_ key: String) async throws {
        try left.take()
        try await inner.delete(key)
    }
}

private final class StepCount: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func take() throws {
        try left.withLock { left in
            guard left > 0 else { throw BackupError(.failed, "killed") }
            left -= 1
        }
    }
}

/// A store that keeps files of one kind for years.
private struct LockingStore: StoreAround {
    let inner: any BackupStore
    let ending: String

    func delete(_ key: String) async throws {
        guard !key.hasSuffix("." + ending) else { throw BackupError(.objectLocked, "it is kept until 2030") }
        try await inner.delete(key)
    }
}
