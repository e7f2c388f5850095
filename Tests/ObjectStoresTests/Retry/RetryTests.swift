import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import ObjectStores

@Suite("Trying again")
struct RetryTests {
    @Test("Waits are drawn from bounds that double up to the longest; whole waits are the bounds themselves")
    func backoff() {
        let policy = RetryPolicy()
        let bounds = (1..<8).map { policy.decide(after: .transient, failures: $0, elapsed: .zero, chance: 1) }
        #expect(bounds == [250, 500, 1000, 2000, 4000, 8000, 16_000].map { .wait(.milliseconds($0)) })
        #expect(policy.decide(after: .transient, failures: 3, elapsed: .zero, chance: 0) == .wait(.zero))
        #expect(policy.decide(after: .transient, failures: 8, elapsed: .zero, chance: 0) == .giveUp)
    }

    @Test("A busy server is spared longer, at least as long as it asks for; beyond our patience we give up")
    func slowing() {
        let policy = RetryPolicy()
        #expect(policy.decide(after: .slowDown(retryAfter: nil), failures: 1, elapsed: .zero, chance: 1) == .wait(.seconds(1)))
        #expect(policy.decide(after: .slowDown(retryAfter: .seconds(20)), failures: 1, elapsed: .zero, chance: 0) == .wait(.seconds(20)))
        #expect(policy.decide(after: .slowDown(retryAfter: .seconds(600)), failures: 1, elapsed: .zero, chance: 0) == .giveUp)
        #expect(policy.decide(after: .transient, failures: 2, elapsed: .seconds(300), chance: 1) == .giveUp)
    }

    @Test("Whatever happens, waits stay within the bounds and end", arguments: 0..<50)
    func bounds(seed: Int) {
        var numbers = SystemRandomNumberGenerator()
        let policy = RetryPolicy()
        var (waited, failures) = (Duration.zero, 0)
        while failures < 100 {
            failures += 1
            let reason: RetryReason = Bool.random(using: &numbers) ? .transient : .slowDown(retryAfter: .seconds(Int.random(in: 0..<40)))
            guard case .wait(let wait) = policy.decide(after: reason, failures: failures, elapsed: waited, chance: .random(in: 0..<1))
            else {
                break
            }
            #expect(wait >= .zero && wait <= policy.longestWait + .seconds(40))
            waited += wait
        }
        #expect(failures <= policy.attempts)
        #expect(waited <= policy.patience)
    }

    @Test("A budget runs dry, and every success earns one back")
    func budget() {
        var budget = RetryBudget(capacity: 2)
        #expect(budget.spend() && budget.spend() && !budget.spend())
        budget.earn()
        #expect(budget.spend() && !budget.spend())
        for _ in 0..<9 { budget.earn() }
        #expect(budget.left == 2)
    }

    @Test("Once all operations together have spent it, none is tried again, until successes have earned some back")
    func dry() async throws {
        let retrier = Retrier(RetryPolicy(), clock: SteppingClock())
        let attempts = Mutex(0)
        /// Fails once, and then with an error that is final, so that nothing is earned.
        func ask() async -> Int {
            attempts.withLock { $0 = 0 }
            _ = try? await retrier.run { failures -> Retrier.Attempt<Int> in
                attempts.withLock { $0 += 1 }
                guard failures > 0 else { return .failed(.transient, Interruption()) }
                throw BackupError(.targetExists, "it is there already")
            }
            return attempts.withLock { $0 }
        }
        for _ in 0..<RetryBudget().left { #expect(await ask() == 2) }
        #expect(await ask() == 1)
        _ = try await retrier.run { _ -> Retrier.Attempt<Int> in .done(1) }
        #expect(await ask() == 2)
        #expect(await ask() == 1)
    }

    @Test("It goes on until it works, and waits between")
    func success() async throws {
        let clock = SteppingClock()
        let retrier = Retrier(RetryPolicy(), clock: clock, chance: { 1 })
        let answer = try await retrier.run { failures -> Retrier.Attempt<Int> in
            failures < 3 ? .failed(.transient, Interruption()) : .done(failures)
        }
        #expect(answer == 3)
        #expect(clock.now.elapsed == .milliseconds(1750))
    }

    @Test("The last error is the one that is told; what an attempt throws is final")
    func failure() async throws {
        let attempts = Mutex(0)
        let retrier = Retrier(RetryPolicy(), clock: SteppingClock())
        await #expect(throws: Interruption.self) {
            try await retrier.run { _ -> Retrier.Attempt<Int> in
                attempts.withLock { $0 += 1 }
                return .failed(.transient, Interruption())
            }
        }
        #expect(attempts.withLock { $0 } == 8)
        await #expect(throws: CancellationError.self) {
            try await retrier.run { _ -> Retrier.Attempt<Int> in
                attempts.withLock { $0 += 1 }
                throw CancellationError()
            }
        }
        #expect(attempts.withLock { $0 } == 9)
    }

    @Test("A store that was given up is asked once more by each of the next operations, until it answers")
    func down() async throws {
        let attempts = Mutex(0)
        let answers = Mutex(false)
        let retrier = Retrier(RetryPolicy(), clock: SteppingClock())
        func ask() async throws -> Int {
            attempts.withLock { $0 = 0 }
            _ = try? await retrier.run { _ -> Retrier.Attempt<Int> in
                attempts.withLock { $0 += 1 }
                return answers.withLock { $0 } ? .done(1) : .failed(.transient, Interruption())
            }
            return attempts.withLock { $0 }
        }
        #expect(try await ask() == 8)
        #expect(try await ask() == 2)
        answers.withLock { $0 = true }
        #expect(try await ask() == 1)
        answers.withLock { $0 = false }
        #expect(try await ask() == 8)
    }

    @Test("What keeps it can be asked while it tries again, until it is answered")
    func trouble() async throws {
        let retrier = Retrier(RetryPolicy(), clock: SteppingClock())
        let told = Mutex<[String?]>([])
        _ = try await retrier.run { failures -> Retrier.Attempt<Int> in
            told.withLock { $0.append(retrier.trouble?.message) }
            return failures == 0 ? .failed(.transient, BackupError(.storeFailed, "connection refused")) : .done(1)
        }
        #expect(told.withLock { $0 } == [nil, "connection refused"])
        #expect(retrier.trouble == nil)
        await #expect(throws: BackupError.self) {
            try await retrier.run { failures -> Retrier.Attempt<Int> in
                if failures == 0 { return .failed(.transient, BackupError(.storeFailed, "connection refused")) }
                throw BackupError(.storeFailed, "access denied")
            }
        }
        #expect(retrier.trouble == nil)
    }

    @Test("When one operation is asked to slow down, all of the store hold back")
    func sharedPause() async throws {
        let clock = SteppingClock()
        let retrier = Retrier(RetryPolicy(), clock: clock, chance: { 0 })
        let began = Mutex(Duration.zero)
        _ = try await retrier.run { failures -> Retrier.Attempt<Int> in
            guard failures == 0 else { return .done(1) }
            return .failed(.slowDown(retryAfter: .seconds(9)), Interruption())
        }
        _ = try await retrier.run { _ -> Retrier.Attempt<Int> in
            began.withLock { $0 = clock.now.elapsed }
            return .done(1)
        }
        #expect(began.withLock { $0 } >= .seconds(9))
    }
}
