import BackupCatalog
import BackupModel

/// A damaged copy, as reports have it.
struct DamageLine: Encodable {
    let id: RecoveryPointID
    let store: String
    let state: RecoveryPoint.Condition
    let files: [String]
    let remedy: String

    init(_ copy: DamagedCopy) {
        (id, store, state) = (copy.id, copy.store, copy.condition)
        (files, remedy) = (copy.keys, copy.remedy)
    }
}
