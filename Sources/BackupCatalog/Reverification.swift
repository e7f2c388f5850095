package import BackupModel

/// Which backups are to be proved again, and in which order. Pure.
///
/// What was proved once can rot later. So every kept backup comes round again, those first that nobody has looked at for the longest time: also
/// one that cannot be proved here gives way to the next after it was tried. What is known to be damaged or incomplete is left to people.
package struct Reverification: Sendable, Equatable {
    /// A proof younger than this is young enough.
    package var interval: Duration
    /// What a proof has to be: a verdict of a lower level counts as none.
    package var level: Verification.Level

    package init(interval: Duration, level: Verification.Level) {
        self.interval = interval
        self.level = level
    }

    package struct Due: Sendable, Equatable {
        package var point: RecoveryPoint
        /// Nil: never.
        package var provedAt: Instant?
        /// The last proof of another store's copy of the same backup, which says nothing of this one.
        package var elsewhere: Elsewhere?
    }

    package struct Elsewhere: Sendable, Equatable {
        package var store: String
        package var at: Instant
    }

    /// - Returns: what is due at that moment, the most urgent first; of those looked at equally long ago the newer backup.
    package func due(_ points: [RecoveryPoint], at now: Instant) -> [Due] {
        let copies = Dictionary(grouping: points) { $0.id }
        return points.filter(isWhole).map { Due(point: $0, provedAt: provedAt($0)) }
            .filter { due in due.provedAt.map { now - $0 >= interval } ?? true }
            .sorted { first, second in
                (lookedAt(first.point), second.point.id) < (lookedAt(second.point), first.point.id)
            }
            .map { due in
                var due = due
                due.elsewhere = elsewhere(due.point, among: copies[due.point.id] ?? [])
                return due
            }
    }

    private func elsewhere(_ point: RecoveryPoint, among copies: [RecoveryPoint]) -> Elsewhere? {
        let proofs = copies.filter { $0.store != point.store }.compactMap { copy in
            provedAt(copy).map { Elsewhere(store: copy.store, at: $0) }
        }
        return proofs.max { $0.at < $1.at }
    }

    /// When the file of it that was looked at least recently last had a verdict of any level.
    private func lookedAt(_ point: RecoveryPoint) -> Instant {
        let looks = (point.dumps + point.redisDumps).map { dump in
            point.verdictsHere.filter { $0.artifact == dump.key }.map(\.at).max() ?? .distantPast
        }
        return looks.min() ?? .distantPast
    }

    private func isWhole(_ point: RecoveryPoint) -> Bool {
        switch point.condition {
        case .missingFiles, .changedFiles, .verificationFailed: false
        case .suspicious, .verified, .restored, .checked, .notVerified: !(point.dumps + point.redisDumps).isEmpty
        }
    }

    /// When the least recently proved of its files was.
    private func provedAt(_ point: RecoveryPoint) -> Instant? {
        let proofs = (point.dumps + point.redisDumps).map { dump in
            point.verdictsHere.filter { $0.artifact == dump.key && $0.passed && !$0.isPartial && reaches($0.level) }.map(\.at)
                .max()
        }
        return proofs.contains(nil) ? nil : proofs.compactMap { $0 }.min()
    }

    /// Who asks for no more than a quick look gets what can be had of an encrypted file without a key.
    private func reaches(_ reached: Verification.Level) -> Bool {
        if reached == .digest { return level == .quick }
        let order: [Verification.Level] = [.quick, .content, .restore]
        guard let found = order.firstIndex(of: reached), let wanted = order.firstIndex(of: level) else { return reached == level }
        return found >= wanted
    }
}

extension RecoveryPoint {
    /// What another store's copy was found to be is no look at this one.
    fileprivate var verdictsHere: [Verification] { manifest.verifications.filter { $0.store == nil || $0.store == store } }
}

extension Instant {
    fileprivate static let distantPast = Instant(millisecondsSinceEpoch: .min)
}
