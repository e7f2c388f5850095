import BackupModel

@testable import BackupCatalog

/// Histories of a store, made up from a number: the same number gives the same one. IDs say nothing of when a backup was taken, as only what the
/// manifests record may decide.
struct History {
    var policy: RetentionPolicy
    var now: Instant
    var candidates: [RetentionCandidate]

    static let start = Instant(secondsSinceEpoch: 1_771_034_400)
    private static let day: Int64 = 86_400

    init(seed: UInt64) {
        var numbers = Numbers(state: seed &* 0x9e37_79b9_7f4a_7c15 | 1)
        policy = Self.policy(&numbers)
        now = Self.start
        candidates = []
        let mixes: [Set<String>] = [["1/a"], ["1/a", "1/b"], ["2/a"], ["1/a", "redis"], ["redis"]]
        let variety = Int.random(in: 1...mixes.count, using: &numbers)
        let spacing = [3600, 21_600, Self.day, 3 * Self.day].randomElement(using: &numbers) ?? Self.day
        var time = Self.start + .seconds(Int64.random(in: -7200...5 * Self.day, using: &numbers) * -1)
        for name in (0..<Int64.random(in: 0...36, using: &numbers)).shuffled(using: &numbers) {
            candidates.append(
                RetentionCandidate(
                    id: RecoveryPointID(at: Self.start + .seconds(-name * Self.day)), takenAt: time,
                    covers: mixes[Int.random(in: 0..<variety, using: &numbers)], counts: Int.random(in: 0..<10, using: &numbers) < 7,
                    isSuspicious: Int.random(in: 0..<200, using: &numbers) == 0,
                    pin: Int.random(in: 0..<25, using: &numbers) == 0 ? Pin(at: time) : nil, condition: .verified))
            let jump = Int.random(in: 0..<60, using: &numbers) == 0 ? Int64.random(in: 0...400, using: &numbers) * Self.day : 0
            time = time + .seconds(-Int64.random(in: 1...2 * spacing, using: &numbers) - jump)
        }
        candidates.shuffle(using: &numbers)
    }

    private static func policy(_ numbers: inout Numbers) -> RetentionPolicy {
        func some(_ most: Int) -> Int { Bool.random(using: &numbers) ? Int.random(in: 0...most, using: &numbers) : 0 }
        var policy = RetentionPolicy()
        policy.days = Bool.random(using: &numbers) ? Int.random(in: 1...40, using: &numbers) : nil
        policy.within = Bool.random(using: &numbers) ? .seconds(Int64.random(in: 1...30, using: &numbers) * day) : nil
        (policy.last, policy.hourly, policy.daily) = (some(5), some(12), some(9))
        (policy.weekly, policy.monthly, policy.yearly) = (some(5), some(8), some(3))
        policy.minimum = Int.random(in: 1...5, using: &numbers)
        return policy
    }
}

/// Marsaglia's xorshift.
struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
