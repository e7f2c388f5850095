/// How often and for how long a store tries again.
package struct RetryPolicy: Sendable, Equatable {
    /// Of one operation, the first one included.
    package var attempts = 8
    /// What the first wait is drawn from; it doubles with each failure.
    package var base: Duration = .milliseconds(250)
    /// The same when the server asked to be spared.
    package var slowBase: Duration = .seconds(1)
    package var longestWait: Duration = .seconds(30)
    /// How long after its beginning an operation may begin another attempt.
    package var patience: Duration = .seconds(300)

    package init() {}
}

/// Why an attempt failed, as far as trying again goes.
enum RetryReason: Sendable, Equatable {
    /// A dropped connection, a 500: the next one may go well.
    case transient
    /// 429, 503: the server has too much to do, and may say for how long.
    case slowDown(retryAfter: Duration?)
}

extension RetryPolicy {
    enum Decision: Sendable, Equatable {
        case wait(Duration)
        case giveUp
    }

    /// What to do after a failure. Waits are drawn evenly from zero to a bound that doubles ("full jitter"), so that clients that failed
    /// together do not come back together; a server's own word is the least that is waited.
    /// - Parameters:
    ///   - failures: how many attempts have failed, this one included.
    ///   - elapsed: since the operation began.
    ///   - chance: from 0 up to 1.
    func decide(after reason: RetryReason, failures: Int, elapsed: Duration, chance: Double) -> Decision {
        guard failures < attempts else { return .giveUp }
        let doubled = (isSlow(reason) ? slowBase : base) * (1 << min(failures - 1, 20))
        var wait = min(longestWait, doubled) * chance
        if case .slowDown(let asked?) = reason { wait += asked }
        return elapsed + wait <= patience ? .wait(wait) : .giveUp
    }

    private func isSlow(_ reason: RetryReason) -> Bool {
        if case .slowDown = reason { true } else { false }
    }
}
