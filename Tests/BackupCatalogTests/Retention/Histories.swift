import BackupModel

@testable import BackupCatalog

/// Histories of a store, made up from a number: the same number gives the same one. IDs say nothing of when a backup was taken, as only what the
/// manifests record may decide.
struct History {
    var policy: RetentionPolicy
    var now: Instant
    /// Somebody has looked at the times without backups.
    var acceptsGaps: Bool
    var candidates: [RetentionCandidate]
    var unreadable: [UnreadableManifest]

    static let start = Instant(secondsSinceEpoch: 1_771_034_400)
    private static let day: Int64 = 86_400

    init(seed: UInt64) {
        var numbers = Numbers(state: seed &* 0x9e37_79b9_7f4a_7c15 | 1)
        policy = Self.policy(&numbers)
        let clocks = HistoryClocks.all.randomElement(using: &numbers)
        policy.zone = clocks?.zone ?? .utc
        policy.proof = RetentionPolicy.Proof.allCases.randomElement(using: &numbers) ?? .restore
        acceptsGaps = Int.random(in: 0..<4, using: &numbers) == 0
        // Half of them where clocks were put forward or back a while ago.
        let change = Bool.random(using: &numbers) ? clocks?.changes.randomElement(using: &numbers) : nil
        now = change.map { $0 + .seconds(Int64.random(in: 0...4 * Self.day, using: &numbers)) } ?? Self.start
        unreadable = Self.unreadable(&numbers)
        candidates = []
        let mixes: [Set<String>] = [["1/a"], ["1/a", "1/b"], ["2/a"], ["1/a", "redis"], ["redis"]]
        let variety = Int.random(in: 1...mixes.count, using: &numbers)
        let spacing = [3600, 21_600, Self.day, 3 * Self.day].randomElement(using: &numbers) ?? Self.day
        var time = now + .seconds(Int64.random(in: -7200...5 * Self.day, using: &numbers) * -1)
        for name in (0..<Int64.random(in: 0...36, using: &numbers)).shuffled(using: &numbers) {
            let doubt = Int.random(in: 0..<30, using: &numbers) == 0 ? "two stores do not say the same of it" : nil
            let counts = Int.random(in: 0..<10, using: &numbers) < 7 && doubt == nil
            candidates.append(
                RetentionCandidate(
                    id: RecoveryPointID(at: Self.start + .seconds(-name * Self.day)), takenAt: time,
                    covers: mixes[Int.random(in: 0..<variety, using: &numbers)], counts: counts,
                    isSuspicious: Int.random(in: 0..<200, using: &numbers) == 0,
                    pin: Int.random(in: 0..<25, using: &numbers) == 0 ? Pin(at: time) : nil, condition: .verified, doubt: doubt))
            let jump = Int.random(in: 0..<60, using: &numbers) == 0 ? Int64.random(in: 0...400, using: &numbers) * Self.day : 0
            time = time + .seconds(-Int64.random(in: 1...2 * spacing, using: &numbers) - jump)
        }
        candidates.shuffle(using: &numbers)
    }

    private static func unreadable(_ numbers: inout Numbers) -> [UnreadableManifest] {
        guard Int.random(in: 0..<15, using: &numbers) == 0 else { return [] }
        return [UnreadableManifest(key: "20260214T020000Z.json", reason: "it is no manifest")]
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

/// A time zone, and the moments of two years when its clocks were put forward or back.
struct HistoryClocks {
    let zone: CivilZone
    /// To six hours.
    let changes: [Instant]

    /// By an hour and by half of one, at midnight and later in the night, north and south of the equator, and not whole hours from Greenwich.
    static let names = [
        "UTC", "Europe/Berlin", "America/New_York", "America/Havana", "America/Santiago", "Asia/Beirut", "Africa/Cairo",
        "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Asia/Kathmandu",
    ]
    static let all = names.compactMap { CivilZone(name: $0).map(HistoryClocks.init(zone:)) }

    init(zone: CivilZone) {
        self.zone = zone
        let moments = (0..<2 * 365 * 4).map { History.start + .seconds($0 * -21_600) }
        changes = zip(moments, moments.dropFirst()).filter { zone.offset(at: $0) != zone.offset(at: $1) }.map { $0.0 }
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
