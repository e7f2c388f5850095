package import BackupModel

/// Where a heartbeat is asked for: what was told of last, and what became of it.
package struct HeartbeatFacts: Sendable, Equatable {
    /// The newest run that whoever sends them has seen; nil where nobody ever looked.
    package var seen: String?
    /// Of the last one that left; nil before the first.
    package var delivery: Delivery?

    package init(seen: String? = nil, delivery: Delivery? = nil) {
        self.seen = seen
        self.delivery = delivery
    }

    package struct Delivery: Sendable, Equatable, Codable {
        package var run: String
        package var at: Instant
        /// Why it was given up; nil when it was taken.
        package var failure: String?

        package init(run: String, at: Instant, failure: String? = nil) {
            self.run = run
            self.at = at
            self.failure = failure
        }
    }
}

extension HeartbeatFacts {
    /// What the outbox keeps it under.
    static let deliveryMark = "heartbeat delivery"
}
