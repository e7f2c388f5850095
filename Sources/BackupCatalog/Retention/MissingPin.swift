package import BackupModel

/// A store that holds a pinned backup and has not heard of the pin.
package struct MissingPin: Sendable, Equatable {
    package var id: RecoveryPointID
    package var pin: Pin
    package var store: String
}

extension CatalogListing {
    package var missingPins: [MissingPin] {
        points.flatMap { point in
            point.manifest.pin.map { pin in point.unpinnedStores.map { MissingPin(id: point.id, pin: pin, store: $0) } } ?? []
        }
    }
}
