package import BackupModel

/// A copy of a backup that is there and damaged, and the one place that decides what is to be done about it. Pure.
package struct DamagedCopy: CopyTrouble, Sendable, Equatable {
    package var id: RecoveryPointID
    package var store: String
    package var condition: RecoveryPoint.Condition
    /// Its damaged files.
    package var keys: [String]
    /// The store with a copy nothing bad is known of, one in which these files passed first; nil where there is none.
    package var soundStore: String?
    /// When the files passed there, the first of them; nil where one of them has not.
    package var passedAt: Instant?

    /// - Parameter keys: what was just found damaged; nil: what is on record.
    /// - Returns: nil when the store has no such copy, or nothing of it is damaged.
    package init?(of point: RecoveryPoint, in store: String, keys: [String]? = nil) {
        guard let copy = point.copies.first(where: { $0.store == store }), let keys = keys ?? copy.damaged else { return nil }
        id = point.id
        self.store = store
        condition = copy.condition.isSound ? .verificationFailed : copy.condition
        self.keys = keys
        let others = point.copies.filter { $0.store != store && $0.condition.isSound }.map(\.store)
        let passed = others.lazy.compactMap { other in point.passed(keys, in: other).map { (store: other, at: $0) } }.first
        soundStore = passed?.store ?? others.first
        passedAt = passed?.at
    }

    /// Why it does not count.
    package var description: String { "the copy of \(id) in \(store) is damaged (\(condition.rawValue)): \(keys.joined(separator: ", "))" }

    package var remedy: String {
        guard let soundStore else { return Self.lastRemedy }
        let deletion = "elete \(keys.joined(separator: ", ")) from \(store) and run `call-center-admin db sync`, which copies it anew."
        if let passedAt { return "\(soundStore) has a copy that passed at \(passedAt.display). D\(deletion)" }
        return
            "\(soundStore) has a copy nothing bad is known of. Check it (`call-center-admin db verify-backup \(id)`); when it passes, d\(deletion)"
    }

    /// Where there is no other copy: what is damaged may still hold what somebody needs.
    package static let lastRemedy =
        "Keep the file, take a new backup (`call-center-admin db backup`), and find a verified one with `call-center-admin db list`."
}

extension RecoveryPoint {
    /// When the last checks of these files in a store passed, the first of them; nil where one of them did not.
    fileprivate func passed(_ keys: [String], in store: String) -> Instant? {
        let last = keys.map { key in verifications.last { $0.artifact == key && $0.store == store } }
        guard last.allSatisfy({ $0?.passed == true }) else { return nil }
        return last.compactMap { $0?.at }.min()
    }
}

extension CatalogListing {
    /// Every damaged copy, of the newest backup first.
    package var damagedCopies: [DamagedCopy] {
        points.flatMap { point in point.copies.compactMap { DamagedCopy(of: point, in: $0.store) } }
    }
}
