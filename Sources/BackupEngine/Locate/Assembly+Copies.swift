import BackupCatalog
import BackupModel

extension Assembly {
    /// The copies of a file, one after the other.
    /// - Parameters:
    ///   - remembers: whether the manifest beside a copy that turns out damaged is told so, as by a verification.
    ///   - warn: is told where that cannot be written down.
    package func copiesInTurn(
        of backup: LocatedBackup, remembers: Bool, warn: @escaping (String) -> Void
    ) -> CopiesInTurn {
        guard remembers else { return CopiesInTurn(of: backup) }
        return CopiesInTurn(of: backup) { copy, damage in
            do { try await remember(damage, of: copy) } catch {
                warn("that \(copy.path) is damaged is not in its manifest: \(error)")
            }
        }
    }

    private func remember(_ damage: BackupError, of copy: LocatedBackup) async throws {
        guard let artifact = copy.artifact, let id = copy.id else { return }
        let verdict = Verification(
            artifact: artifact.key, level: .content, at: context.now(), seconds: 0, passed: false, reasons: ["\(damage)"],
            store: copy.catalog.store.name)
        try await copy.catalog.record(verdict, for: id)
    }
}
