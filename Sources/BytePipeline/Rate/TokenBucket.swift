/// When bytes may pass under a rate limit. Pure: it is told the time and says how long to wait.
struct TokenBucket {
    private let secondsPerByte: Double
    private let burst: Duration
    /// When everything admitted so far will have been paid for.
    private var paidUntil: Duration

    init(bytesPerSecond: Int64, burst: Duration = .milliseconds(250)) {
        secondsPerByte = 1 / Double(bytesPerSecond)
        self.burst = burst
        paidUntil = .zero - burst
    }

    /// Admits `bytes` and returns how long their writer has to wait before passing them on.
    mutating func take(_ bytes: Int, at now: Duration) -> Duration {
        paidUntil = max(paidUntil, now - burst) + .seconds(Double(bytes) * secondsPerByte)
        return max(.zero, paidUntil - now)
    }
}
