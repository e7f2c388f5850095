import BackupModel
import Synchronization

/// Over what is asked of a store while a file of it is read: whoever waits is told for how long it has been silent, and that has an end. A store
/// tries again by itself what may be tried again, and several requests may be silent one after the other, or side by side: what counts is when the last
/// byte of the file arrived.
package final class ReadWatch: Sendable {
    private struct Told {
        var count = 0
        /// The silence that is told next.
        var next: Duration
    }

    private let limit: Duration
    private let clock: any Clock<Duration>
    private let tell: @Sendable (String) -> Void
    private let movement = Movement()
    private let told: Mutex<Told>

    /// - Parameters:
    ///   - limit: how long the store may be silent: BACKUP_STALL_TIMEOUT.
    ///   - tell: is told of a silence of ten seconds, of twice as long, and so on.
    package init(limit: Duration, clock: any Clock<Duration>, tell: @escaping @Sendable (String) -> Void) {
        self.limit = limit
        self.clock = clock
        self.tell = tell
        told = Mutex(Told(next: Self.first(within: limit)))
    }

    /// Asks the store something about a file of it. What hangs in the kernel, as a call to a folder whose server is gone does, is left behind.
    /// - Throws: `.stalled` when nothing has arrived for as long as the limit says; what the store throws.
    func over<Value: Sendable>(
        _ file: StoredName, _ question: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let value = try await bounded(until: { try await self.silence(of: file) }) {
            try await self.movement.hear {
                let value = try await question()
                // A folder tells of nothing on the way.
                Movement.note()
                return value
            }
        }
        guard let value else { throw stalled(file) }
        return value
    }

    /// Returns when the store has been silent too long. Time is told by the pauses alone.
    private func silence(of file: StoredName) async throws {
        var silence = Duration.zero
        var count = movement.count
        while silence < limit {
            let pause = min(Self.first(within: limit) / 2, limit - silence)
            try await clock.sleep(for: pause)
            let now = movement.count
            silence = now == count ? silence + pause : .zero
            count = now
            if silence < limit, isToBeTold(silence, count) {
                tell("\(file.store) has been silent for \(silence.briefly) while \(file.key) is read; waiting for at most \(limit.briefly)")
            }
        }
    }

    private func stalled(_ file: StoredName) -> BackupError {
        BackupError(
            .stalled, "\(file.store) was silent for \(limit.briefly) while \(file.key) was read",
            hint: "Look at the network and at the server with `call-center-admin storage check`; BACKUP_STALL_TIMEOUT sets the limit.",
            obstacle: .silent)
    }

    /// Of several that wait for the same store one tells it.
    private func isToBeTold(_ silence: Duration, _ count: Int) -> Bool {
        told.withLock { told in
            if told.count != count { told = Told(count: count, next: Self.first(within: limit)) }
            guard silence >= told.next else { return false }
            told.next = silence * 2
            return true
        }
    }

    private static func first(within limit: Duration) -> Duration { min(.seconds(10), limit / 2) }
}

/// A file of a store, for messages.
struct StoredName: Sendable {
    var key: String
    var store: String
}

/// A file of a store under such a watch.
struct WatchedBytes: RandomAccessBytes {
    let bytes: any RandomAccessBytes
    let name: StoredName
    let watch: ReadWatch

    var byteCount: Int64 { bytes.byteCount }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try await watch.over(name) { [bytes] in try await bytes.read(at: offset, count: count) }
    }
}

extension ReadWatch? {
    /// Opens a file under this watch; without one it is waited for as long as it takes.
    /// - Throws: as `over`.
    func bytes(
        of name: StoredName, _ open: @escaping @Sendable () async throws -> any RandomAccessBytes
    ) async throws -> any RandomAccessBytes {
        guard let self else { return try await open() }
        return try await self.bytes(of: name, open)
    }
}

extension ReadWatch {
    func bytes(
        of name: StoredName, _ open: @escaping @Sendable () async throws -> any RandomAccessBytes
    ) async throws -> any RandomAccessBytes {
        WatchedBytes(bytes: try await over(name, open), name: name, watch: self)
    }
}

extension BackupConfiguration {
    /// A new one for each file that is read.
    func readWatch(_ context: RunContext, _ progress: @escaping ProgressSink) -> ReadWatch {
        ReadWatch(limit: stallTimeout, clock: context.clock) { progress(.warning($0)) }
    }
}
