package import BackupModel

/// Copies within one file system that can let files share blocks (btrfs, XFS, bcachefs, ZFS by its own means): FICLONE.
extension LocalStore: SharingStore {
    package func share(
        _ file: any RandomAccessBytes, as key: String, _ approve: (any RandomAccessBytes) async throws -> Void
    ) async throws -> Bool {
        guard let source = file as? LocalFile else { return false }
        do {
            try await make(key) { partial in
                guard try await blocking({ partial.share(source) }) else { throw CannotShare() }
                try await approve(try await partial.reopened())
            }
            outlook.note(source.byteCount)
            return true
        } catch is CannotShare {
            return false
        }
    }

    private struct CannotShare: Error {}
}
