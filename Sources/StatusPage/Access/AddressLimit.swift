import BackupModel
import Synchronization

/// Counts something by address, for a minute each. It holds a bounded number of addresses; when there are more, those longest ago are forgotten.
final class AddressLimit: Sendable {
    private let limit: Int
    private let capacity: Int
    private let counts = Mutex<[String: Count]>([:])

    private static let window = Duration.seconds(60)

    private struct Count {
        var since: Instant
        var number: Int
    }

    /// - Parameter limit: per address and minute.
    init(_ limit: Int, capacity: Int = 1024) {
        self.limit = limit
        self.capacity = capacity
    }

    /// How long an address has to wait; nil when it need not.
    func wait(of address: String, at now: Instant) -> Duration? {
        counts.withLock { counts in
            guard let count = counts[address], count.number >= limit else { return nil }
            let left = Self.window - (now - count.since)
            return left > .zero && left <= Self.window ? left : nil
        }
    }

    func count(_ address: String, at now: Instant) {
        counts.withLock { counts in
            if let count = counts[address], now - count.since < Self.window, now >= count.since {
                counts[address]?.number += 1
                return
            }
            if counts[address] == nil, counts.count >= capacity { Self.makeRoom(in: &counts, now) }
            counts[address] = Count(since: now, number: 1)
        }
    }

    var addresses: Int { counts.withLock { $0.count } }

    private static func makeRoom(in counts: inout [String: Count], _ now: Instant) {
        counts = counts.filter { now - $0.value.since < window }
        // A quarter at once, so that not every new address pays for the search.
        for (address, _) in counts.sorted(by: { $0.value.since < $1.value.since }).prefix(counts.count / 4 + 1) { counts[address] = nil }
    }
}
