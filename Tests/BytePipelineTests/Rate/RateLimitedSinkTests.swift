import BackupModel
import BackupTestKit
import Testing

@testable import BytePipeline

@Suite("Rate limit")
struct RateLimitedSinkTests {
    @Test("A quarter of a second's worth passes at once, the rest waits its turn")
    func bucket() {
        var bucket = TokenBucket(bytesPerSecond: 1000)
        #expect(bucket.take(250, at: .zero) == .zero)
        #expect(bucket.take(500, at: .zero) == .milliseconds(500))
        #expect(bucket.take(500, at: .milliseconds(500)) == .milliseconds(500))
    }

    @Test("Idle time is not saved up beyond the burst")
    func idle() {
        var bucket = TokenBucket(bytesPerSecond: 1000)
        #expect(bucket.take(250, at: .zero) == .zero)
        #expect(bucket.take(1250, at: .seconds(3600)) == .seconds(1))
    }

    @Test("Sinks that share a limit wait on its clock and pass everything on")
    func sink() async throws {
        let clock = SteppingClock()
        let end = ArraySink()
        let limit = RateLimit(ByteRate(bytesPerSecond: 1_000_000), clock: clock)
        let sinks = [end.limited(to: limit), end.limited(to: limit)]
        for number in 0..<10 { try await sinks[number % 2].write([UInt8](repeating: 7, count: 500_000)) }
        #expect(clock.now.elapsed == .milliseconds(4750))
        #expect(end.bytes.count == 5_000_000)
    }

    @Test("Without a limit there is nothing in between")
    func unlimited() {
        let end = ArraySink()
        #expect(end.limited(to: nil) as? ArraySink === end)
    }
}
