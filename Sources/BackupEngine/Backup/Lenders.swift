import BackupCatalog
import BackupModel

extension [RecoveryPoint] {
    /// Where data turned out not to be what the backup before had of it, nothing of that one and of older ones is believed any more; and nothing of any,
    /// before somebody has looked and accepted it. The points are those of a listing, the newest first.
    /// - Returns: nil where nothing may be taken over.
    var oldestLender: RecoveryPointID? {
        guard let differing = first(where: { $0.difference != nil }) else { return last?.id }
        return contains { $0.difference != nil && $0.isSuspicious } ? nil : differing.id
    }
}
