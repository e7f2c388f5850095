import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("The watch over a store that is read")
struct ReadWatchTests {
    private let file = StoredName(key: "call_center.sql.gz", store: "s3://bucket/backups")

    @Test("tells of a silence of ten seconds, of twice as long and so on, and ends it after as long as the limit says")
    func silent() async throws {
        let told = Mutex<[String]>([])
        let watch = ReadWatch(limit: .seconds(60), clock: SteppingClock()) { text in told.withLock { $0.append(text) } }
        let error = await #expect(throws: BackupError.self) {
            try await watch.over(file) { try await Task.sleep(for: .seconds(86_400)) }
        }
        #expect(error?.code == .stalled && error?.obstacle == .silent)
        #expect(error?.message == "s3://bucket/backups was silent for 60 s while call_center.sql.gz was read")
        #expect(error?.hint?.contains("`call-center-admin storage check`") == true)
        let heard = told.withLock { $0 }
        #expect(
            heard
                == [10, 20, 40].map {
                    "s3://bucket/backups has been silent for \($0) s while call_center.sql.gz is read; waiting for at most 60 s"
                })
    }

    @Test("tells of a short limit half of it before")
    func short() async throws {
        let told = Mutex<[String]>([])
        let watch = ReadWatch(limit: .seconds(4), clock: SteppingClock()) { text in told.withLock { $0.append(text) } }
        let error = await #expect(throws: BackupError.self) {
            try await watch.over(file) { try await Task.sleep(for: .seconds(86_400)) }
        }
        #expect(error?.message.contains("silent for 4 s") == true)
        let heard = told.withLock { $0 }
        #expect(heard.count == 1 && heard.first?.contains("silent for 2 s") == true, "\(heard)")
    }

    @Test("takes nobody for silent who is slow: what arrives, however deep below, begins the time anew")
    func slow() async throws {
        let told = Mutex<[String]>([])
        let clock = ArrivingClock()
        let watch = ReadWatch(limit: .seconds(10), clock: clock) { text in told.withLock { $0.append(text) } }
        let count = try await watch.over(file) { await clock.arrivals(100) }
        #expect(count == 100)
        let heard = told.withLock { $0 }
        #expect(heard.isEmpty, "\(heard)")
    }

    @Test("ends the wait for what hangs in the kernel and hears of no end", .timeLimit(.minutes(1)))
    func hanging() async throws {
        let watch = ReadWatch(limit: .seconds(60), clock: SteppingClock()) { _ in }
        let error = await #expect(throws: BackupError.self) {
            try await watch.over(file) { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
        }
        #expect(error?.code == .stalled && error?.obstacle == .silent)
    }

    @Test("is over a file in a folder, too: one whose server is gone hangs for ever", .timeLimit(.minutes(1)))
    func folder() async throws {
        try await HangingFilesystem.with { filesystem in
            let store = LocalStore(root: filesystem.folder.string)
            try await store.put("call_center.sql.gz", bytes: Array("dump".utf8))
            let told = Mutex<[String]>([])
            let watch = ReadWatch(limit: .seconds(60), clock: SteppingClock()) { text in told.withLock { $0.append(text) } }
            try filesystem.hang()
            let error = await #expect(throws: BackupError.self) {
                _ = try await StoredFile("call_center.sql.gz", in: store).open(watch)
            }
            #expect(error?.code == .stalled)
            #expect(error?.message == "\(store.root) was silent for 60 s while call_center.sql.gz was read")
            let heard = told.withLock { $0 }
            #expect(heard.count == 3, "\(heard)")
        }
    }

    @Test("lets through what the store answers and what it throws")
    func answers() async throws {
        let watch = ReadWatch(limit: .seconds(10), clock: AlarmClock()) { _ in }
        let answer = try await watch.over(file) { 7 }
        #expect(answer == 7)
        let error = await #expect(throws: BackupError.self) {
            _ = try await watch.over(file) { () async throws -> Int in throw BackupError(.artifactMissing, "it is gone") }
        }
        #expect(error?.code == .artifactMissing)
    }
}

/// A clock on which something arrives for whoever asked while anybody sleeps.
private final class ArrivingClock: Clock {
    typealias Instant = SteppingClock.Instant

    private let clock = SteppingClock()
    private let sleeps = AsyncStream.makeStream(of: Void.self)
    private let arrived = AsyncStream.makeStream(of: Void.self)

    var now: Instant { clock.now }
    var minimumResolution: Duration { clock.minimumResolution }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await clock.sleep(until: deadline, tolerance: tolerance)
        sleeps.continuation.yield()
        for await _ in arrived.stream { break }
        try Task.checkCancellation()
    }

    /// So many pieces, one in each sleep.
    func arrivals(_ count: Int) async -> Int {
        var seen = 0
        for await _ in sleeps.stream {
            Movement.note()
            seen += 1
            if seen == count { break }
            arrived.continuation.yield()
        }
        return seen
    }
}
