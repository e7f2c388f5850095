package import BackupModel

/// Everything a store holds that looks like ours.
package struct CatalogListing: Sendable, Equatable {
    /// Newest first.
    package var points: [RecoveryPoint]
    /// Manifests that cannot be read, with the reason.
    package var unreadable: [UnreadableManifest]
    /// Dumps no readable manifest names, newest first.
    package var orphans: [StoredObject]
    /// What Redis held before restores touched it, newest first.
    package var safetyCopies: [StoredObject]
    /// Recovery points whose deletion was begun, of one store; `Deletion` finishes it.
    var deletions: [RecoveryPointID] = []
    /// Where the orphans and safety copies of several stores lie, by key.
    package var strayStores: [String: [String]] = [:]
    /// Stores that could not be listed.
    package var unreachable: [UnreachableStore] = []

    package init(
        points: [RecoveryPoint], unreadable: [UnreadableManifest], orphans: [StoredObject], safetyCopies: [StoredObject] = []
    ) {
        self.points = points
        self.unreadable = unreadable
        self.orphans = orphans
        self.safetyCopies = safetyCopies
    }
}

package struct UnreadableManifest: Sendable, Equatable {
    package var key: String
    package var reason: String
    /// The store whose content it is, where that is no manifest at all, or that of another backup: nil as well for one that could not be fetched, or is of
    /// a later version.
    package var tornIn: String?
    /// Whose manifest it is, where that is another backup than the one it is named by.
    package var isOf: RecoveryPointID?

    package init(key: String, reason: String, tornIn: String? = nil, isOf: RecoveryPointID? = nil) {
        self.key = key
        self.reason = reason
        self.tornIn = tornIn
        self.isOf = isOf
    }
}

/// The manifest that lies under the name of another backup.
struct MisplacedFault: Error, CustomStringConvertible {
    let manifest: Manifest
    /// In the words of the message it is the cause of.
    var description: String { manifest.id.description }
}

package struct UnreachableStore: Sendable {
    package var store: String
    package var error: BackupError

    package init(store: String, error: BackupError) {
        self.store = store
        self.error = error
    }
}

extension UnreachableStore: CustomStringConvertible {
    /// Most errors of a store say themselves which it is, and what could not be done with it.
    package var description: String { error.message.contains(store) ? "\(error)" : "\(store) cannot be listed: \(error)" }
}

extension UnreachableStore: Equatable {
    package static func == (left: Self, right: Self) -> Bool {
        left.store == right.store && left.error.code == right.error.code && left.error.message == right.error.message
    }
}
