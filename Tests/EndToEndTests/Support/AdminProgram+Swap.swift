import BackupCatalog
import BackupModel
import ObjectStores
import SystemPackage
import Testing

extension AdminProgram {
    /// Puts another file under the name of one that a backup stored. The manifest is told its size, as if both were of the same: that two dumps are
    /// cannot be arranged, and may happen.
    func put(_ bytes: [UInt8], inPlaceOf file: FilePath) async throws {
        let key = try #require(file.lastComponent?.string)
        let id = try #require(ArtifactName.recoveryPointID(key))
        let store = LocalStore(root: folder.string)
        try await store.delete(key)
        try await store.put(key, bytes: bytes)
        let size = Int64(bytes.count)
        try await Catalog(store: store).change(id) { manifest in
            guard let place = manifest.artifacts.firstIndex(where: { $0.key == key }) else { return }
            manifest.artifacts[place].bytes = size
        }
    }
}
