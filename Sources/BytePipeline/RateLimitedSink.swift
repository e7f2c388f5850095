package import BackupModel
import Synchronization

/// Makes writers wait so that no more than `rate` passes on average; a quarter of a second's worth may burst.
package final class RateLimitedSink<C: Clock>: ByteSink where C.Duration == Duration {
    private let next: any ByteSink
    private let clock: C
    private let begin: C.Instant
    private let bucket: Mutex<TokenBucket>

    package init(_ next: any ByteSink, rate: ByteRate, clock: C) {
        self.next = next
        self.clock = clock
        begin = clock.now
        bucket = Mutex(TokenBucket(bytesPerSecond: rate.bytesPerSecond))
    }

    package func write(_ bytes: [UInt8]) async throws {
        let elapsed = begin.duration(to: clock.now)
        let wait = bucket.withLock { $0.take(bytes.count, at: elapsed) }
        if wait > .zero { try await clock.sleep(for: wait) }
        try await next.write(bytes)
    }
}

extension ByteSink {
    /// Itself when there is no limit.
    package func limited(to rate: ByteRate?, clock: some Clock<Duration>) -> any ByteSink {
        guard let rate else { return self }
        return RateLimitedSink(self, rate: rate, clock: clock)
    }
}
