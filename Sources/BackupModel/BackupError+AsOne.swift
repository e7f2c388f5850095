extension Collection<BackupError> {
    /// The first, with what else is wrong beside it; nil where nothing is.
    /// - Parameter words: how the others are told.
    package func asOne(_ words: (BackupError) -> String = { "\($0)" }) -> BackupError? {
        guard var first else { return nil }
        first.others += dropFirst().flatMap { [words($0)] + $0.others }
        first.lackingStores += dropFirst().flatMap(\.lackingStores)
        return first
    }
}
