package import BackupModel

extension [Catalog] {
    /// The second of that instant, or the next one that nothing in any store is named by yet.
    /// - Parameter unreachable: what is to come of a store that cannot be listed.
    package func unusedID(at instant: Instant, unreachable: (UnreachableStore) throws -> Void) async throws -> RecoveryPointID {
        var keys: [String] = []
        for catalog in self {
            do { keys += try await catalog.keys() } catch let error as BackupError {
                try Task.checkCancellation()
                try unreachable(UnreachableStore(store: catalog.store.name, error: error))
            }
        }
        return RecoveryPointID.unused(at: instant, besides: keys)
    }
}
