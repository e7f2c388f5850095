import BackupCatalog
import FoundationEssentials

/// What becomes of the manifests of far stores that were read.
package enum ManifestMemory: Sendable {
    /// They are remembered in the state folder. Where there is none yet the first backup makes it: who only lists a folder that is mistyped, or not
    /// mounted, does not make it.
    case kept
    /// What is remembered is used, and nothing is changed.
    case read
    /// They are read from the stores each time.
    case none

    func cache(in folder: String) -> ManifestCache? {
        switch self {
        case .kept: FileManager.default.fileExists(atPath: folder) ? try? ManifestCache(folder: folder) : nil
        case .read: ManifestCache(reading: folder)
        case .none: nil
        }
    }
}
