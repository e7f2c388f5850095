import BackupCatalog
package import BackupModel

/// What the stores show beside the history: of two services on two hosts each records its own runs alone, and a history may be lost.
extension ServiceFacts {
    /// When a target was saved last, by whichever host.
    package func lastSuccess(of target: BackupTarget) -> Instant? {
        let stored = points.first { counts($0, for: target) }?.manifest.finishedAt
        return [history[target]?.lastSuccess, stored].compactMap { $0 }.max()
    }

    /// When a target passed a check last: by the history, or by what is written of the newest backup that passed one.
    package func lastVerified(of target: BackupTarget) -> Instant? {
        let passed = points.first { point in
            guard let pass = point.lastPass(of: target), !pass.isFuture(at: now) else { return false }
            return counts(point, for: target)
        }
        return [history[target]?.lastVerified, passed?.lastPass(of: target)].compactMap { $0 }.max()
    }

    /// Whether another host has a backup of what a run was to save, begun since its slot or, without one, since it began: both hosts come forward for a slot
    /// at once, and the one that cannot reach the server may fail a moment after the other one has begun. What was stored here makes nothing good.
    func isMadeGood(_ target: BackupTarget, since begin: Instant) -> Bool {
        points.contains { $0.manifest.startedAt >= begin && counts($0, for: target) && !isOwn($0.id) }
    }

    private func isOwn(_ id: RecoveryPointID) -> Bool { runs.contains { $0.kind == .backup && $0.point == id } }

    /// Whether a backup stands for a target, as the schedule sees it: whole, not of the future, and of every database that is to be saved.
    private func counts(_ point: RecoveryPoint, for target: BackupTarget) -> Bool {
        guard point.manifest.holds(target), !point.manifest.startedAt.isFuture(at: now), point.isSound else { return false }
        return target != .postgres || databases.isSubset(of: point.dumps.compactMap(\.database))
    }
}

extension RecoveryPoint {
    /// When the last of a target's files passed its last check; nil where one has passed none.
    fileprivate func lastPass(of target: BackupTarget) -> Instant? {
        let files = target == .postgres ? dumps : redisDumps
        let passed = (manifest.verifications + otherVerdicts).filter(\.passed)
        let passes = files.compactMap { file in passed.filter { $0.artifact == file.key }.map(\.at).max() }
        return passes.count == files.count ? passes.min() : nil
    }
}
