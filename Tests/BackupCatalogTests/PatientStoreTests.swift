import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import BackupCatalog

@Suite("A store among others is waited for, but not for ever and not twice")
struct PatientStoreTests {
    @Test("One that hangs has failed, and is not asked again")
    func hangs() async throws {
        let store = HangingStore()
        let patient = PatientStore(store, patience: .milliseconds(20))
        let first = await #expect(throws: BackupError.self) { try await patient.list() }
        #expect(first?.code == .stalled)
        #expect(first?.message == "nfs does not answer")
        let second = await #expect(throws: BackupError.self) { try await patient.delete("a") }
        #expect(second?.code == .stalled)
        #expect(store.asked == 1)
        store.release()
    }

    @Test("All copies of a catalog know it")
    func shared() {
        let catalogs = Catalogs([Catalog(store: HangingStore()), Catalog(store: HangingStore())])
        let again = Catalogs([catalogs.all[0]])
        #expect(again.all[0].documents as? PatientStore === catalogs.all[0].documents as? PatientStore)
        #expect(again.all[0].documents is PatientStore)
    }

    @Test("One that was found to hang while it was given a file is not asked again; one that is alone is")
    func givenUp() async throws {
        let store = HangingStore()
        let catalogs = Catalogs([Catalog(store: store), Catalog(store: HangingStore())])
        catalogs.all[0].giveUp()
        let error = await #expect(throws: BackupError.self) { try await Catalogs([catalogs.all[0]]).all[0].keys() }
        #expect(error?.code == .stalled && store.asked == 0)
        let alone = Catalogs([Catalog(store: store)]).all[0]
        alone.giveUp()
        let asking = Task { try await alone.keys() }
        while store.asked == 0 { await Task.yield() }
        store.release()
        #expect(try await asking.value == [])
    }

    @Test("Who bounds his question by himself asks a store that was given up all the same")
    func unbounded() async throws {
        let store = HangingStore()
        let catalogs = Catalogs([Catalog(store: store), Catalog(store: HangingStore())], patience: .milliseconds(1))
        catalogs.all[0].giveUp()
        let asking = Task { try await catalogs.all[0].unbounded.keys() }
        while store.asked == 0 { await Task.yield() }
        store.release()
        #expect(try await asking.value == [])
    }

    @Test("A store alone is waited for as long as it takes, and whoever waits is told, once")
    func alone() async throws {
        let (store, (notices, teller)) = (HangingStore(), AsyncStream.makeStream(of: String.self))
        let catalogs = Catalogs([Catalog(store: store)])
        #expect(catalogs.all[0].documents is PatientStore)
        let patient = PatientStore(store, patience: nil, clock: SteppingClock()) { teller.yield($0) }
        let first = Task { try await patient.list() }
        var heard = notices.makeAsyncIterator()
        #expect(await heard.next() == "nfs has not answered for 5 s; waiting")
        let second = Task { try await patient.list() }
        while store.asked < 2 { await Task.yield() }
        store.release()
        #expect(try await first.value == [])
        #expect(try await second.value == [])
        teller.finish()
        #expect(await heard.next() == nil)
    }

    @Test("Where there are others, the notice says how long it may take")
    func bounded() async throws {
        let (store, (notices, teller)) = (HangingStore(), AsyncStream.makeStream(of: String.self))
        let patient = PatientStore(store, patience: .seconds(60), clock: SteppingClock(limit: .seconds(10))) { teller.yield($0) }
        let asking = Task { try await patient.list() }
        var heard = notices.makeAsyncIterator()
        #expect(await heard.next() == "nfs has not answered for 5 s; waiting for at most 60 s")
        store.release()
        #expect(try await asking.value == [])
    }

    @Test("One that refuses connections is not called silent: whoever waits is told what it tries again for, and so is who gave up")
    func refuses() async throws {
        let (store, (notices, teller)) = (RefusingStore(), AsyncStream.makeStream(of: String.self))
        let patient = PatientStore(store, patience: .seconds(60), clock: SteppingClock(limit: .seconds(10))) { teller.yield($0) }
        let asking = Task { try await patient.list() }
        var heard = notices.makeAsyncIterator()
        #expect(await heard.next() == "cannot list s3://b: connection refused; trying again for at most 60 s")
        asking.cancel()
        _ = await asking.result
        patient.giveUp()
        let error = await #expect(throws: BackupError.self) { try await patient.list() }
        #expect(error?.code == .stalled && error?.obstacle == .unreachable)
        #expect(error?.message == "cannot list s3://b: connection refused" && error?.hint == "Start it.")
    }

    @Test("What another operation was answered at the same time is not why this one hangs: it is called silent")
    func isBusyElsewhere() async throws {
        let busy = BackupError(.storeFailed, "cannot store a in s3://b: the server answered 503 SlowDown", hint: "Try later.")
        let patient = PatientStore(RefusingStore(trouble: busy), patience: .seconds(60))
        patient.giveUp()
        let error = await #expect(throws: BackupError.self) { try await patient.list() }
        #expect(error?.code == .stalled && error?.message == "s3://b does not answer")
    }

    @Test("What answers is passed on: content, errors, and that a key is taken")
    func passesOn() async throws {
        try await withFolder { folder in
            let patient = PatientStore(folder.store, patience: nil)
            try await patient.put("a.json", bytes: [1, 2, 3])
            try await patient.update("a.json") { $0 + [4] }
            #expect(try await patient.read("a.json") == [1, 2, 3, 4])
            #expect(try await patient.list().map(\.key) == ["a.json"])
            let taken = await #expect(throws: BackupError.self) { try await patient.put("a.json", bytes: []) }
            #expect(taken?.code == .targetExists)
            try await patient.delete("a.json")
            let missing = await #expect(throws: BackupError.self) { try await patient.open("a.json") }
            #expect(missing?.code == .artifactMissing)
        }
    }
}

/// A bucket whose server does not run: it is asked again and again.
private struct RefusingStore: RetryingStore {
    var name: String { "s3://b" }
    var trouble: BackupError? = BackupError(
        .storeFailed, "cannot list s3://b: connection refused", hint: "Start it.", obstacle: .unreachable)

    private func tryAgain() async throws -> Never {
        while true {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await tryAgain()
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws { try await tryAgain() }

    func open(_ key: String) async throws -> any RandomAccessBytes { try await tryAgain() }

    func list() async throws -> [StoredObject] { try await tryAgain() }

    func delete(_ key: String) async throws { try await tryAgain() }
}

/// A folder on a server that is gone.
private final class HangingStore: BackupStore {
    private let state = Mutex<(asked: Int, waiting: [CheckedContinuation<Void, Never>])>((0, []))

    var name: String { "nfs" }
    var asked: Int { state.withLock { $0.asked } }

    func release() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }

    private func hang() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.asked += 1
                state.waiting.append(continuation)
            }
        }
    }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        await hang()
        throw CancellationError()
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws { await hang() }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        await hang()
        throw CancellationError()
    }

    func list() async throws -> [StoredObject] {
        await hang()
        return []
    }

    func delete(_ key: String) async throws { await hang() }
}
