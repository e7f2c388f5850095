import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import Testing

@testable import BackupCatalog

@Suite("What locks will keep")
struct LockForecastTests {
    @Test("A backup is kept whose manifest or one of its files is locked; nothing is asked of a store without locks")
    func locks() async throws {
        try await withFolder { folder in
            for day in 1...12 { try await folder.add("202602\(day < 10 ? "0" : "")\(day)T020000Z") }
            let points = try await folder.catalog.list().points
            let store = LockedStore(
                folder.store, ["20260203T020000Z.json": "under a legal hold", "globals-20260211T020000Z.sql": "locked until 2030"])
            let found = try await LockForecast(Catalog(store: store))(points)
            #expect(
                found.reasons.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } == [
                    "20260203T020000Z: 20260203T020000Z.json in \(folder.store.root) is under a legal hold",
                    "20260211T020000Z: globals-20260211T020000Z.sql in \(folder.store.root) is locked until 2030",
                ])
            #expect(found.unknown.isEmpty)
            // Nobody asks after the files of one whose manifest is locked.
            #expect(store.asked.count == 1 + 11 * 3)
            let unlocked = try await LockForecast(folder.catalog)(points)
            #expect(unlocked == LockForecast.Found())
        }
    }

    @Test("A store that does not say is not waited for beyond the limit, and asked nothing more: of all the rest nothing is known")
    func silence() async throws {
        try await withFolder { folder in
            for day in 10...29 { try await folder.add("202601\(day)T020000Z") }
            let points = try await folder.catalog.list().points
            let store = LockedStore(folder.store, [:]) { _ in try await ContinuousClock().sleep(for: .seconds(86_400)) }
            let found = try await LockForecast(Catalog(store: store), limit: .milliseconds(20))(points)
            #expect(found == LockForecast.Found(unknown: Set(points.map(\.id))))
            #expect(store.asked.count <= 8)
        }
    }

    @Test("Of one that was given up in the middle what it said before is known; any other trouble is thrown")
    func givenUp() async throws {
        try await withFolder { folder in
            for day in 1...3 { try await folder.add("2026020\(day)T020000Z") }
            let points = try await folder.catalog.list().points
            let locks = ["20260203T020000Z.json": "under a legal hold"]
            let trouble = Mutex(BackupError.silent("s3://b"))
            let store = LockedStore(folder.store, locks) { key in
                if key == "globals-20260202T020000Z.sql" { throw trouble.withLock { $0 } }
            }
            let found = try await LockForecast(Catalog(store: store))(points)
            #expect(found.reasons.keys.map(\.description) == ["20260203T020000Z"])
            #expect(found.unknown.map(\.description) == ["20260202T020000Z"])
            trouble.withLock { $0 = BackupError(.storeFailed, "no such bucket") }
            await #expect(throws: BackupError.self) { try await LockForecast(Catalog(store: store))(points) }
        }
    }

    @Test("However many there are, a store that goes on answering is heard to the end")
    func long() async throws {
        try await withFolder { folder in
            try await folder.add("20260201T020000Z", databases: (1...20).map { "db\($0)" })
            let points = try await folder.catalog.list().points
            let clock = MovedClock()
            // Ten seconds for each of 22 answers.
            let store = LockedStore(folder.store, [:]) { _ in clock.move(by: .seconds(10)) }
            let found = try await LockForecast(Catalog(store: store), limit: .seconds(60), clock: clock)(points)
            #expect(found == LockForecast.Found())
            #expect(store.asked.count == 22 && clock.now.elapsed == .seconds(220))
        }
    }
}

/// A folder whose files are under locks, as a test says.
final class LockedStore: StoreAround, LockingStore {
    let inner: any BackupStore
    private let locks: [String: String]
    private let before: @Sendable (String) async throws -> Void
    private let questions = Mutex<[String]>([])

    /// - Parameter before: runs before each answer.
    init(_ store: LocalStore, _ locks: [String: String], before: @escaping @Sendable (String) async throws -> Void = { _ in }) {
        (self.inner, self.locks, self.before) = (store, locks, before)
    }

    var asked: [String] { questions.withLock { $0 } }

    func lockReason(of key: String) async throws -> String? {
        questions.withLock { $0.append(key) }
        try await before(key)
        return locks[key]
    }
}

/// A clock that stands still until it is moved.
private final class MovedClock: Clock {
    typealias Instant = ElapsedInstant

    private let hand = Mutex(Instant(elapsed: .zero))

    var now: Instant { hand.withLock { $0 } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func move(by duration: Duration) { hand.withLock { $0 = $0.advanced(by: duration) } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        while now < deadline {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
