package import BackupModel
import FoundationEssentials

/// Which stores were given backups from here, and which was the last: in the state folder, so that a folder that is empty now is known for one that held
/// backups, as that of a disk looks that is not mounted. Changed under the run lock only.
package struct KnownStores: Sendable {
    private let path: String

    /// - Parameter folder: BACKUP_STATE_DIR.
    package init(folder: String) {
        path = folder + "/stores.json"
    }

    /// Nil for a store that was given none, and where nobody knows any more.
    package func lastBackup(in store: String) -> RecoveryPointID? { all[store] }

    package func note(_ id: RecoveryPointID, in stores: [String]) throws {
        try write(all.merging(stores.map { ($0, id) }) { $1 })
    }

    /// The store is to begin anew.
    package func forget(_ store: String) throws {
        var rest = all
        if rest.removeValue(forKey: store) != nil { try write(rest) }
    }

    /// A file that cannot be read says nothing.
    private var all: [String: RecoveryPointID] {
        guard let bytes = FileManager.default.contents(atPath: path) else { return [:] }
        return (try? JSONDecoder().decode([String: RecoveryPointID].self, from: bytes)) ?? [:]
    }

    private func write(_ stores: [String: RecoveryPointID]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { try encoder.encode(stores).write(to: URL(filePath: path), options: .atomic) } catch {
            throw BackupError(
                .storeFailed, "cannot write \(path), which says where backups were stored",
                hint: "Its folder is BACKUP_STATE_DIR; it has to be writable.", cause: error)
        }
    }
}
