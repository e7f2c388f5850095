package import BackupModel

/// A store that lacks what it held, back to its oldest backup: rather a disk that is not mounted, or another bucket, than a wish for new copies. Pure.
package struct EmptiedStore: Sendable, Equatable {
    package var store: String
    /// Backups of which others have on record that it held them.
    package var lost: Set<RecoveryPointID>

    /// One that is gone was deleted by somebody.
    private static let fewestLost = 2

    /// - Parameters:
    ///   - points: of other stores, or of all.
    ///   - held: what the store has.
    /// - Returns: nil where it has one of the older backups still, so that it is the store it was.
    package init?(_ store: String, points: [RecoveryPoint], held: Set<RecoveryPointID>) {
        let lost = points.filter { point in !held.contains(point.id) && point.manifest.stores.contains { $0.store == store } }.map(\.id)
        guard Set(lost).count >= Self.fewestLost, let newest = lost.max(), !held.contains(where: { $0 < newest }) else { return nil }
        self.store = store
        self.lost = Set(lost)
    }
}

extension EmptiedStore: CopyTrouble {
    package var description: String {
        "\(store) lacks \(lost.count) backups it held, and has none that is older: they were not copied anew"
    }

    /// Whether such a store is to be filled is for a person to say.
    package var remedy: String {
        "See whether its file system is mounted, or whether it is the bucket it was. If it is meant to begin anew, "
            + "`call-center-admin db sync` copies everything into it."
    }
}
