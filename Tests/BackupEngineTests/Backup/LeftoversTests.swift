import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("What killed runs left")
struct LeftoversTests {
    private static let id = RecoveryPointID("20260214T020000Z")
    private static let key = "globals-20260214T020000Z.sql"

    @Test("is taken back as well when it arrives after the next run has cleaned, by the run after that")
    func lateArrival() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string + "/backups")
            let journal = RunJournal(folder: folder.string + "/state")
            try journal.note(Self.key, of: try #require(Self.id))
            try await leftovers(in: store, journal).remove()
            try await store.put(Self.key, bytes: Array("late".utf8))
            try await leftovers(in: store, journal).remove()
            #expect(try await store.list().map(\.key).isEmpty)
        }
    }

    @Test("is nobody's after an hour: what has that name then is not touched")
    func forgotten() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string + "/backups")
            let journal = RunJournal(folder: folder.string + "/state")
            try journal.note(Self.key, of: try #require(Self.id))
            try await leftovers(in: store, journal).remove()
            try await leftovers(in: store, journal, after: RunJournal.requestLife).remove()
            try await store.put(Self.key, bytes: Array("ours".utf8))
            try await leftovers(in: store, journal, after: RunJournal.requestLife).remove()
            #expect(try await store.list().map(\.key) == [Self.key])
        }
    }

    @Test("of a copy that was being made are taken from the store it was made for: the others have the same file for good")
    func ofOneStore() async throws {
        try await withTemporaryFolder { folder in
            let stores = ["kept", "filled"].map { LocalStore(root: "\(folder)/\($0)") }
            let journal = RunJournal(folder: folder.string + "/state")
            for store in stores { try await store.put(Self.key, bytes: Array("ours".utf8)) }
            try journal.note(Self.key, of: try #require(Self.id), in: stores[1].name)
            for store in stores { try await leftovers(in: store, journal).remove() }
            #expect(try await stores[0].list().map(\.key) == [Self.key])
            #expect(try await stores[1].list().isEmpty)
        }
    }

    @Test("is nothing where the manifest was stored, whatever becomes of that later")
    func whole() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string + "/backups")
            let journal = RunJournal(folder: folder.string + "/state")
            let id = try #require(Self.id)
            try journal.note(Self.key, of: id)
            try await store.put(Self.key, bytes: Array("ours".utf8))
            try await store.put("\(id).json", bytes: Array("{}".utf8))
            try await leftovers(in: store, journal).remove()
            try await store.delete("\(id).json")
            try await leftovers(in: store, journal).remove()
            #expect(try await store.list().map(\.key) == [Self.key])
        }
    }

    @Test("of many runs are found by one listing of a store")
    func oneListing() async throws {
        try await withTemporaryFolder { folder in
            let store = CountingStore(LocalStore(root: folder.string + "/backups"))
            let journal = RunJournal(folder: folder.string + "/state")
            for day in 14...19 {
                let id = try #require(RecoveryPointID("202602\(day)T020000Z"))
                for key in ["globals-\(id).sql", "call_center-\(id).sql.gz"] {
                    try journal.note(key, of: id)
                    try await store.put(key, bytes: [1])
                }
                if day == 16 { try await store.put("\(id).json", bytes: Array("{}".utf8)) }
            }
            try await leftovers(in: store, journal).remove()
            #expect(store.listings == 1)
            let kept = ["20260216T020000Z.json", "call_center-20260216T020000Z.sql.gz", "globals-20260216T020000Z.sql"]
            #expect(try await store.list().map(\.key) == kept)
            #expect(try journal.unfinished().count == 5)
        }
    }

    private func leftovers(in store: any BackupStore, _ journal: RunJournal, after passed: Duration = .zero) -> Leftovers {
        let catalogs = Catalogs([Catalog(store: store)])
        return Leftovers(catalogs: catalogs, journal: journal, progress: { _ in }, troubles: StoreTroubles { _ in }) {
            Instant(secondsSinceEpoch: 1_771_034_500) + passed
        }
    }
}

/// Counts how often it is listed.
private final class CountingStore: StoreAround {
    let inner: any BackupStore
    private let count = Mutex(0)

    init(_ store: LocalStore) { self.inner = store }

    var listings: Int { count.withLock { $0 } }

    func list() async throws -> [StoredObject] {
        count.withLock { $0 += 1 }
        return try await inner.list()
    }
}
