import BackupCatalog
import BackupModel

/// Files that lie in a store under the names of a backup, and are not those of the manifest that another store has. Nothing is written over them: which
/// of two is the good one is for a person to say.
struct StrangeCopy: Sendable {
    let gap: StoreSync.Gap
    /// Every such file.
    let keys: [String]

    /// The cause is `FileFault` of the store they lie in.
    var error: BackupError {
        BackupError(
            .verificationFailed, "what lies in \(gap.target) is not backup \(gap.manifest.id) as \(gap.source) has it: \(names)",
            hint: source.remedy(in: gap.target), cause: FileFault(store: gap.target))
    }

    private var source: SoundCopy { SoundCopy(of: gap.manifest.id, in: gap.source, keys: keys, gap.manifest.verifications) }

    private var names: String { keys.joined(separator: ", ") }
}
