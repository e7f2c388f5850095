/// What a store may spend on retries, all its operations together: a server that fails everything is left alone soon, one that fails now and then is
/// borne for as long as it serves. Pure; the scheme is that of the AWS SDKs' retry quota.
struct RetryBudget: Sendable {
    private let capacity: Int
    private(set) var left: Int

    init(capacity: Int = 100) {
        self.capacity = capacity
        left = capacity
    }

    /// - Returns: false when nothing is left.
    mutating func spend() -> Bool {
        guard left > 0 else { return false }
        left -= 1
        return true
    }

    /// Every success earns one back.
    mutating func earn() { left = min(capacity, left + 1) }
}
