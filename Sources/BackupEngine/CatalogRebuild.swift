package import BackupCatalog
package import BackupModel

/// What was found in one store when its manifests were all read again.
package struct CatalogRebuild: Sendable {
    package var store: String
    package var listing = CatalogListing(points: [], unreadable: [], orphans: [])
    /// Why the store could not be read.
    package var failure: BackupError?
    /// Whether what it held was forgotten: the next backup may fill it.
    package var beginsAnew = false

    package init(store: String) {
        self.store = store
    }
}

extension CatalogRebuild {
    /// - Parameter beginsAnew: then a folder that is not there is none that is lost.
    init(of catalog: Catalog, beginsAnew: Bool = false) async throws {
        self.init(store: catalog.store.name)
        self.beginsAnew = beginsAnew
        do { listing = try await catalog.list() } catch let error as BackupError {
            try Task.checkCancellation()
            if !(beginsAnew && error.code == .artifactMissing) { failure = error }
        }
    }
}
