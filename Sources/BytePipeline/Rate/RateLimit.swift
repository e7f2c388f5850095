package import BackupModel
import Synchronization

/// Makes writers wait so that no more than a rate passes on average, all of them together; a quarter of a second's worth may burst.
package final class RateLimit: Sendable {
    private let bucket: Mutex<TokenBucket>
    private let elapsed: @Sendable () -> Duration
    private let pause: @Sendable (Duration) async throws -> Void

    package init(_ rate: ByteRate, clock: some Clock<Duration>) {
        let begin = clock.now
        bucket = Mutex(TokenBucket(bytesPerSecond: rate.bytesPerSecond))
        elapsed = { begin.duration(to: clock.now) }
        pause = { try await clock.sleep(for: $0) }
    }

    /// Returns when that many bytes may be passed on.
    package func admit(_ bytes: Int) async throws {
        let now = elapsed()
        let wait = bucket.withLock { $0.take(bytes, at: now) }
        if wait > .zero { try await pause(wait) }
    }
}
