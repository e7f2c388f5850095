package import BackupCatalog
package import BackupModel

/// What was found in one store when its manifests were all read again.
package struct CatalogRebuild: Sendable {
    package var store: String
    package var listing = CatalogListing(points: [], unreadable: [], orphans: [])
    /// Why the store could not be read.
    package var failure: BackupError?
}
