import BackupModel
import Synchronization
import Testing

@testable import ObjectStores

@Suite("Credentials that expire")
struct RefreshedTests {
    struct Token: Expiring, Equatable {
        var number: Int
        var expiresAt: Instant?
    }

    /// A source of numbered tokens that live an hour, under a clock that is set by hand.
    final class Issuer: Sendable {
        let now = Mutex(testTime)
        let issued = Mutex(0)
        let failure = Mutex<(any Error)?>(nil)
        let life = Mutex<Duration>(.seconds(3600))

        var cache: Refreshed<Token> {
            Refreshed(now: { self.now.withLock { $0 } }) {
                if let failure = self.failure.withLock({ $0 }) { throw failure }
                let number = self.issued.withLock { count in
                    count += 1
                    return count
                }
                return Token(number: number, expiresAt: self.now.withLock { $0 } + self.life.withLock { $0 })
            }
        }

        func wait(_ seconds: Int) { now.withLock { $0 = $0 + .seconds(seconds) } }
    }

    @Test("They are fetched once, and anew five minutes before they expire")
    func refresh() async throws {
        let issuer = Issuer()
        let cache = issuer.cache
        #expect(try await cache.value().number == 1)
        issuer.wait(3299)
        #expect(try await cache.value().number == 1)
        issuer.wait(1)
        #expect(try await cache.value().number == 2)
    }

    @Test("Whoever asks at the same time waits for one fetch")
    func together() async throws {
        let issuer = Issuer()
        let cache = issuer.cache
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await cache.value().number } }
            for try await number in group { #expect(number == 1) }
        }
        #expect(issuer.issued.withLock { $0 } == 1)
    }

    @Test("A failed refresh is borne while they are good, and asked for again a minute later")
    func hiccup() async throws {
        let issuer = Issuer()
        let cache = issuer.cache
        _ = try await cache.value()
        issuer.wait(3400)
        issuer.failure.withLock { $0 = Interruption() }
        #expect(try await cache.value().number == 1)
        issuer.failure.withLock { $0 = nil }
        #expect(try await cache.value().number == 1)
        issuer.wait(60)
        #expect(try await cache.value().number == 2)
    }

    @Test("Those that come with little left to live are used for a minute before others are asked for, and never beyond their end")
    func shortLived() async throws {
        let issuer = Issuer()
        let cache = issuer.cache
        issuer.life.withLock { $0 = .seconds(240) }
        for _ in 0..<3 { #expect(try await cache.value().number == 1) }
        issuer.wait(59)
        #expect(try await cache.value().number == 1)
        issuer.wait(1)
        issuer.life.withLock { $0 = .seconds(30) }
        for _ in 0..<3 { #expect(try await cache.value().number == 2) }
        issuer.wait(30)
        #expect(try await cache.value().number == 3)
    }

    @Test("Once they have expired a failure is one")
    func expired() async throws {
        let issuer = Issuer()
        let cache = issuer.cache
        _ = try await cache.value()
        issuer.failure.withLock { $0 = Interruption() }
        issuer.wait(3600)
        await #expect(throws: Interruption.self) { try await cache.value() }
    }

    @Test(
        "That they are refused is known for a quarter of a minute, and then looked for again",
        arguments: [
            BackupError(.storeFailed, "no AWS credentials from the profile", obstacle: .credentials),
            BackupError(.storeFailed, "the role is not yours", obstacle: .denied), CredentialRefusal("it has no type"),
        ] as [any Error])
    func refused(failure: any Error) async throws {
        let issuer = Issuer()
        let cache = issuer.cache
        issuer.failure.withLock { $0 = failure }
        await #expect(throws: (any Error).self) { try await cache.value() }
        issuer.failure.withLock { $0 = nil }
        issuer.wait(14)
        await #expect(throws: (any Error).self) { try await cache.value() }
        #expect(issuer.issued.withLock { $0 } == 0)
        issuer.wait(1)
        #expect(try await cache.value().number == 1)
    }

    @Test("A refusal ends with a clock that is set back, and does not stay for as long as that")
    func setBack() async throws {
        let issuer = Issuer()
        let cache = issuer.cache
        issuer.failure.withLock { $0 = CredentialRefusal("it has no type") }
        await #expect(throws: CredentialRefusal.self) { try await cache.value() }
        issuer.failure.withLock { $0 = nil }
        issuer.wait(-3600)
        #expect(try await cache.value().number == 1)
    }

    @Test(
        "What may pass by itself is not remembered: the next one asks again",
        arguments: [
            Interruption(), CancellationError(), BackupError(.storeFailed, "no answer", obstacle: .unreachable),
            BackupError(.stalled, "no answer"),
        ] as [any Error])
    func transient(failure: any Error) async throws {
        let issuer = Issuer()
        let cache = issuer.cache
        issuer.failure.withLock { $0 = failure }
        await #expect(throws: (any Error).self) { try await cache.value() }
        issuer.failure.withLock { $0 = nil }
        #expect(try await cache.value().number == 1)
    }

    @Test("What a server refused is fetched anew")
    func invalidated() async throws {
        let cache = Issuer().cache
        _ = try await cache.value()
        await cache.invalidate()
        #expect(try await cache.value().number == 2)
    }
}
