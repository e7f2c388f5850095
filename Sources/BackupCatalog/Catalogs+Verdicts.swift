package import BackupModel

extension Catalogs {
    /// As `Catalog.accept`, in every store that has the backup.
    /// - Returns: the errors of stores where it could not be recorded, when it was in another.
    package func accept(_ id: RecoveryPointID, _ acceptance: Suspicion.Acceptance) async throws -> [BackupError] {
        try await everywhere { try await $0.accept(id, acceptance) }
    }

    /// Does the same in every store; a store without the backup is none of its business.
    /// - Throws: the first error when it was done nowhere.
    package func everywhere(_ body: (Catalog) async throws -> Void) async throws -> [BackupError] {
        var failures: [BackupError] = []
        for catalog in all {
            do { try await body(catalog) } catch let error as BackupError { failures.append(error) }
        }
        if failures.count == all.count, let first = failures.first(where: { $0.code != .artifactMissing }) ?? failures.first { throw first }
        return failures.filter { $0.code != .artifactMissing }
    }

    /// Records a verdict on one store's copy of a file. What is found good holds for every store that has the same bytes, as their SHA-256 was
    /// checked when they were stored; what is found bad is that copy's own.
    /// - Throws: when it could not be recorded for the copy that was read.
    /// - Returns: the other stores where it could not be recorded.
    package func record(_ verdict: Verification, on artifact: Artifact, of id: RecoveryPointID, in catalog: Catalog) async throws
        -> [(store: String, error: BackupError)]
    {
        var verdict = verdict
        verdict.store = catalog.store.name
        try await catalog.record(verdict, for: id)
        guard verdict.passed else { return [] }
        var failures: [(String, BackupError)] = []
        for other in all where other.store.name != catalog.store.name {
            do { try await other.recordForeign(verdict, on: artifact, of: id) } catch let error as BackupError {
                failures.append((other.store.name, error))
            }
        }
        return failures
    }
}

extension Catalog {
    fileprivate func recordForeign(_ verdict: Verification, on artifact: Artifact, of id: RecoveryPointID) async throws {
        do {
            try await change(id) { manifest in
                let isSame = manifest.artifacts.contains { $0.key == artifact.key && $0.sha256 == artifact.sha256 }
                if isSame { manifest.verifications.append(verdict) }
            }
        } catch let error as BackupError where error.code == .artifactMissing {
            // The store has no copy of this recovery point.
        }
    }
}
