package import BackupModel

/// Which backups of a store are to be kept. A backup is kept when any of the rules keeps it; without rules all are.
///
/// `last` to `yearly` and `within` mean what they mean in restic: of the backups that count, the newest of each of the last so many hours, days, …
/// that have any; and those no older than so much before the newest. `days` is the runbook's: no older than so much before now.
package struct RetentionPolicy: Sendable, Equatable {
    package var days: Int?
    package var within: Duration?
    package var last = 0
    package var hourly = 0
    package var daily = 0
    package var weekly = 0
    package var monthly = 0
    package var yearly = 0
    /// Never fewer backups that count than this are left of anything; at least 1.
    package var minimum = 3
    package var proof = Proof.restore
    /// Whose hours, days, … the counting rules count in.
    package var zone = CivilZone.utc
    /// More time than this without a backup means that the clock, or the schedule, is not to be trusted.
    package var clockBound = Duration.seconds(14 * 86_400)

    package init() {}

    /// The runbook's.
    package static var standard: RetentionPolicy {
        var policy = RetentionPolicy()
        policy.days = 30
        return policy
    }

    /// What a backup has to have passed to count.
    package enum Proof: String, Sendable, CaseIterable {
        /// Restored, and found equal to what was saved.
        case restore
        /// Every row read and digested again: for hosts that cannot restore.
        case content
    }

    package var isEmpty: Bool { days == nil && within == nil && [last, hourly, daily, weekly, monthly, yearly].allSatisfy { $0 == 0 } }
}

extension RetentionPolicy: CustomStringConvertible {
    /// `30 days, 4 weekly, 12 monthly; never fewer than 3 verified`.
    package var description: String {
        guard !isEmpty else { return "everything, as no rule is set" }
        let counts = [(last, "last"), (hourly, "hourly"), (daily, "daily"), (weekly, "weekly"), (monthly, "monthly"), (yearly, "yearly")]
        let rules =
            [days.map { "\($0.counted("day"))" }, within.map { "those within \($0.briefly) of the newest" }].compactMap { $0 }
            + counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "\(rules.joined(separator: ", ")); never fewer than \(minimum) \(countingWord)"
    }

    /// What people call a backup that counts.
    var countingWord: String { proof == .restore ? "verified" : "checked" }
}
