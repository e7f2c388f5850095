package import BackupModel
import RDBFormat

extension RedisGround {
    /// What the server says after a copy of it is whole.
    /// - Parameter now: nil: nobody asked, or the server does not tell enough.
    /// - Returns: nil where it cannot be said later whether something has changed since the copy: the next one is read from the server.
    package init?(of facts: RedisFacts, from source: RedisSource, now: RedisServerFacts?) {
        guard let before = source.facts.writes, let now, let after = now.writes, let runID = facts.runID, now.runID == runID,
            now.replicationID == facts.resync.replicationID, facts.slots == nil, facts.isGround
        else { return nil }
        let wasLeftAlone = source.facts.isDiskless == false ? now.hasSavedOnce(since: source.facts) : after.agrees(with: before)
        guard wasLeftAlone else { return nil }
        self.init(
            runID: runID, changes: after.changes, savedAt: after.savedAt, saves: after.saves, countsTell: now.countsTell,
            readAt: facts.resync.instant)
    }

    /// The same, and the history since the copy's own place, which it always reaches back to so soon, has to hold no write either: what the counts do not tell
    /// today they do not tell later.
    /// - Parameter copy: what is known of the copy; its ground is of no account.
    /// - Throws: `BackupError` where the server cannot be asked; `CancellationError`.
    package static func proved(
        of facts: RedisFacts, as copy: RedisCopy, from source: RedisSource, now: @escaping @Sendable () -> Instant
    ) async throws -> RedisGround? {
        guard let ground = RedisGround(of: facts, from: source, now: try await source.factsNow()) else { return nil }
        var grounded = copy
        grounded.ground = ground
        // The history alone is to say it.
        grounded.ground?.countsTell = false
        guard let rules = ChangeRules(grounded), case .unchanged = try await ChangeQuestion(rules, at: source.endpoint, now: now)() else {
            return nil
        }
        return ground
    }
}

extension RedisServerFacts {
    /// Whether nothing was written from the instant of a copy that went over the server's own disk: it was the one save there was, and what is counted now
    /// counts from its instant.
    fileprivate func hasSavedOnce(since earlier: RedisServerFacts) -> Bool {
        // The copy could be of a save for another replica that had begun before anything was counted.
        guard !earlier.isSaving, let before = earlier.writes, let after = writes, after.changes == 0,
            let forks = before.forks, after.forks.isOne(more: forks)
        else { return false }
        // SAVE sets the count back as well, and does not fork.
        guard let saves = before.saves else { return hasCalledSave == false }
        return after.saves.isOne(more: saves)
    }
}

extension Int64? {
    /// What a server says may be any number.
    fileprivate func isOne(more earlier: Int64) -> Bool {
        let (next, overflows) = earlier.addingReportingOverflow(1)
        return !overflows && self == next
    }
}

extension RedisServerFacts {
    /// What a replica holds may be exchanged, and a field that expires leaves its key where it is. Before 7.0 it does not show that commands are counted anew.
    fileprivate var countsTell: Bool {
        guard let version, version.flavour == .valkey || version.release >= (7, 0) else { return false }
        return role == .primary && holdsExpiringFields == false
    }
}

extension RedisFacts {
    /// What a stream says of its consumers (when each was seen, and that it is there) changes without a trace, and modules' data may.
    fileprivate var isGround: Bool {
        guard let version, version.flavour == .valkey || version.release >= (6, 0), summary.notUnderstood == nil else { return false }
        return summary.content.moduleData.count == 0
            && summary.content.databases.allSatisfy { ($0.kinds[.stream] ?? 0) == 0 && ($0.kinds[.module] ?? 0) == 0 }
    }
}

extension RedisSource {
    /// What the server says of itself now.
    package func factsNow() async throws -> RedisServerFacts {
        try await RedisConnection.with(endpoint) {
            try await RedisServerFacts.gather(over: $0, info: RedisInfo.askEverything(over: $0))
        }
    }
}
