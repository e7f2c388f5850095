import BackupModel

/// How long a server may keep us waiting.
package struct ConnectionLimits: Sendable, Equatable {
    package var connect: Duration
    /// Without a single byte while a reply is owed.
    package var reply: Duration

    package init(connect: Duration = .seconds(15), reply: Duration = .seconds(60)) {
        self.connect = connect
        self.reply = reply
    }
}

/// Two bounds on waiting: silence, and the whole.
package struct Patience: Sendable {
    /// Without a single byte.
    package let stall: Duration
    /// All of it together, and when that is over; nil: no bound.
    package let whole: (limit: Duration, end: ContinuousClock.Instant)?

    package init(stall: Duration, whole: Duration? = nil) {
        self.stall = stall
        self.whole = whole.map { ($0, .now + $0) }
    }

    /// How long the next wait may last.
    var next: Duration {
        guard let whole else { return stall }
        return min(stall, max(.zero, ContinuousClock.now.duration(to: whole.end)))
    }

    /// What has run out when a wait has ended without bytes: "no byte for 60 s".
    var complaint: String {
        guard let whole, whole.end <= .now else { return "no byte for \(stall.precisely)" }
        return "not done within \(whole.limit.precisely)"
    }
}
