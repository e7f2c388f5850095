import BackupModel

extension CatalogListing {
    /// The backups of one store with what all stores together know of them and retention heeds: what is pinned in one is pinned in all, and where they say
    /// different things it is removed from none. Whoever foretells a pruning has to ask the same.
    package func heeded(_ points: [RecoveryPoint], in store: String) -> [RecoveryPoint] {
        let pins = missingPins.filter { $0.store == store }
        return points.map { point in
            var point = point
            point.contradictions = contradictions.filter { $0.id == point.id }
            if let pin = pins.first(where: { $0.id == point.id })?.pin { point.manifest.pin = pin }
            return point
        }
    }
}
