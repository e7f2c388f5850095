package import BackupModel

/// One channel of alerts, and what it was not told yet.
package struct ChannelFacts: Sendable, Equatable {
    package var name: String
    /// How many messages wait for it.
    package var waiting: Int
    /// When the oldest of them was written; nil when none waits.
    package var since: Instant?
    /// Why the last attempt came to nothing; nil before the first.
    package var failure: String?

    package init(name: String, waiting: Int = 0, since: Instant? = nil, failure: String? = nil) {
        self.name = name
        self.waiting = waiting
        self.since = since
        self.failure = failure
    }
}
