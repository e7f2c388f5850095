import BackupModel
import Synchronization

/// A store for what is small: listings, manifests, deletions. Whoever waits for one that is slow is told. One among others that does not answer
/// within a bound has failed, and is not asked again: a folder whose server is gone hangs in the kernel, and would cost every step of a run the same
/// wait.
final class PatientStore: SelfCleaningStore {
    private let store: any BackupStore
    /// Nil where there is no other: it is waited for as long as it takes.
    private let patience: Duration?
    private let slowness: Duration
    private let clock: any Clock<Duration>
    private let notice: @Sendable (String) -> Void
    private let hangs = Mutex(false)
    private let isAnnounced = Mutex(false)

    /// - Parameter slowness: after this long whoever waits is told, once.
    init(
        _ store: any BackupStore, patience: Duration?, slowness: Duration = .seconds(5), clock: any Clock<Duration> = AlarmClock(),
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.store = store
        self.patience = patience
        self.slowness = slowness
        self.clock = clock
        self.notice = notice
    }

    var name: String { store.name }

    /// It was found to hang elsewhere: nobody waits for it here any more. One that is alone is asked all the same.
    func giveUp() { hangs.withLock { $0 = true } }

    /// What the body writes is gathered first: it is small.
    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        let document = Document()
        let result = try await body(document)
        let bytes = document.bytes
        try await ask { try await $0.put(key, bytes: bytes) }
        return result
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try await ask { try await $0.update(key, change) }
    }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        PatientBytes(bytes: try await ask { try await $0.open(key) }, store: self)
    }

    func list() async throws -> [StoredObject] { try await ask { try await $0.list() } }

    func delete(_ key: String) async throws { try await ask { try await $0.delete(key) } }

    func removeLeftovers(ofDead isDead: @escaping @Sendable (_ key: String) -> Bool) async throws -> [StoredObject] {
        try await ask { try await ($0 as? any SelfCleaningStore)?.removeLeftovers(ofDead: isDead) ?? [] }
    }

    /// - Throws: `.stalled` when it took too long, now or before, with what kept it where that is known; what the store throws.
    func ask<Answer: Sendable>(_ question: @escaping @Sendable (any BackupStore) async throws -> Answer) async throws -> Answer {
        let announcement = Task { try await announce() }
        defer { announcement.cancel() }
        guard let patience else { return try await question(store) }
        let isWorthIt = hangs.withLock { !$0 }
        if isWorthIt, let answer = try await bounded(by: patience, clock: clock, { [store] in try await question(store) }) { return answer }
        hangs.withLock { $0 = true }
        throw trouble.map { stalled($0) } ?? BackupError.silent(name)
    }

    /// A server that nobody reaches has not been silent, whatever it is asked. What another operation was answered at the same time is no reason why this
    /// one is not.
    private var trouble: BackupError? {
        guard let trouble = (store as? any RetryingStore)?.trouble, let obstacle = trouble.obstacle else { return nil }
        return [.unreachable, .unknownHost].contains(obstacle) ? trouble : nil
    }

    private func stalled(_ trouble: BackupError) -> BackupError {
        var error = trouble
        error.code = .stalled
        return error
    }

    private func announce() async throws {
        try await clock.sleep(for: slowness)
        let isFirst = isAnnounced.withLock { isAnnounced in
            defer { isAnnounced = true }
            return !isAnnounced
        }
        guard isFirst else { return }
        let bound = patience.map { " for at most \($0.briefly)" } ?? ""
        let silence = "\(name) has not answered for \(slowness.components.seconds) s; waiting\(bound)"
        notice(trouble.map { "\($0); trying again\(bound)" } ?? silence)
    }

    private final class Document: ByteSink {
        private let gathered = Mutex<[UInt8]>([])
        var bytes: [UInt8] { gathered.withLock { $0 } }

        func write(_ bytes: [UInt8]) async throws { gathered.withLock { $0 += bytes } }
    }

    private struct PatientBytes: RandomAccessBytes {
        let bytes: any RandomAccessBytes
        let store: PatientStore

        var byteCount: Int64 { bytes.byteCount }

        func read(at offset: Int64, count: Int) async throws -> [UInt8] {
            try await store.ask { [bytes] _ in try await bytes.read(at: offset, count: count) }
        }
    }
}
