package import BackupModel

/// When retention will remove a backup, if everything goes on as it does.
package struct RetentionDeparture: Sendable, Equatable {
    package var id: RecoveryPointID
    /// The moment of the backup after which it goes; never before now.
    package var at: Instant
    /// Why, as of then.
    package var reason: String

    package init(id: RecoveryPointID, at: Instant, reason: String) {
        self.id = id
        self.at = at
        self.reason = reason
    }
}

extension RetentionPolicy {
    private static let steps = 60

    /// What goes next of one store, in the order it goes, supposing that at every slot another backup like the newest one that counts is taken.
    /// Nobody is held to it: what is pinned, doubted or lost in the meantime changes it. Pure, as the plan is.
    /// - Parameters:
    ///   - points: what the store holds.
    ///   - interval: between two backups; the forecast reaches over sixty of them.
    package func forecast(_ points: [RecoveryPoint], now: Instant, interval: Duration) -> [RetentionDeparture] {
        let redis = RedisIdentities(points.map(\.manifest))
        var candidates = points.map { RetentionCandidate($0, proof, redis) }
        guard interval > .zero, let model = candidates.filter(\.counts).max(by: { $0.takenAt < $1.takenAt }) else { return [] }
        let held = Set(candidates.map(\.id))
        var departures: [RetentionDeparture] = []
        var (moment, taken) = (now, model.takenAt)
        for step in 0...Self.steps {
            if step > 0 {
                taken = max(taken + interval, now)
                moment = taken
                candidates.append(model.repeated(at: taken, besides: held))
            }
            let gone = Retention(self, now: moment).plan(candidates).decisions.filter { !$0.isKept }
            departures += gone.reversed().filter { held.contains($0.id) }.map {
                RetentionDeparture(id: $0.id, at: moment, reason: $0.reasons[0])
            }
            let ids = Set(gone.map(\.id))
            candidates.removeAll { ids.contains($0.id) }
        }
        return departures
    }
}

extension RetentionCandidate {
    /// - Parameter names: of what is really there, whenever that was taken.
    fileprivate func repeated(at moment: Instant, besides names: Set<RecoveryPointID>) -> RetentionCandidate {
        var second = moment
        while names.contains(RecoveryPointID(at: second)) { second = second + .seconds(1) }
        return RetentionCandidate(
            id: RecoveryPointID(at: second), takenAt: moment, covers: covers, counts: true, isSuspicious: false, pin: nil,
            condition: condition)
    }
}
