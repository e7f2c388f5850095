package import BackupModel

/// A copy of a backup that is there and damaged, and what is to be done about it. Pure.
package struct DamagedCopy: CopyTrouble, Sendable, Equatable {
    package var id: RecoveryPointID
    package var store: String
    package var condition: RecoveryPoint.Condition
    /// Its damaged files.
    package var keys: [String]
    /// In another store, one in which these files passed first; nil where there is none.
    package var soundCopy: SoundCopy?

    /// - Parameter keys: what was just found damaged; nil: what is on record.
    /// - Returns: nil when the store has no such copy, or nothing of it is damaged.
    package init?(of point: RecoveryPoint, in store: String, keys: [String]? = nil) {
        guard let copy = point.copies.first(where: { $0.store == store }), let keys = keys ?? copy.damaged else { return nil }
        id = point.id
        self.store = store
        condition = copy.condition.isSound ? .verificationFailed : copy.condition
        self.keys = keys
        let sound = point.copies.filter { $0.store != store && $0.condition.isSound }
            .map { SoundCopy(of: point.id, in: $0.store, keys: keys, point.verifications) }
        soundCopy = sound.first { $0.passedAt != nil } ?? sound.first
    }

    /// Why it does not count.
    package var description: String { "the copy of \(id) in \(store) is damaged (\(condition.rawValue)): \(keys.joined(separator: ", "))" }

    package var remedy: String { soundCopy?.remedy(in: store) ?? Self.lastRemedy }

    /// Where there is no other copy: what is damaged may still hold what somebody needs.
    package static let lastRemedy =
        "Keep the file, take a new backup (`call-center-admin db backup`), and find a verified one with `call-center-admin db list`."
}

extension CatalogListing {
    /// Every damaged copy, of the newest backup first.
    package var damagedCopies: [DamagedCopy] {
        points.flatMap { point in point.copies.compactMap { DamagedCopy(of: point, in: $0.store) } }
    }
}
