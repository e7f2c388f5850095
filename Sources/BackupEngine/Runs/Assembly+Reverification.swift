package import BackupCatalog
package import BackupModel

/// The copies of backups that are to be proved again, the most urgent first.
package struct DueBackups: Sendable {
    package var copies: [Reverification.Due]
    /// Stores that could not be listed, so that nobody knows what is due there.
    package var unreachable: [UnreachableStore]
    /// Copies that are known to be damaged: proving them again would say it again, and mends nothing.
    package var damaged: [DamagedCopy]

    /// Whether there is nothing to prove here and nothing to complain of.
    package var isEmpty: Bool { copies.isEmpty && unreachable.isEmpty }

    package var failure: BackupError? { unreachable.failure { "\($0), so what is due there is not known" } }
}

/// What proving old backups again came to.
package struct ReverificationResult: Sendable {
    package var verdicts: [FileVerdict] = []
    /// Copies that could not be verified at all, and why.
    var unverified: [(point: RecoveryPoint, error: BackupError)] = []
    var absent: BackupError?

    /// A file that did not pass before everything else; then what could not be looked at.
    package var failure: BackupError? { verdicts.failure ?? incomplete ?? absent }

    private var incomplete: BackupError? {
        guard let (point, error) = unverified.first else { return nil }
        let count = Set(verdicts.compactMap(\.id)).count
        let done = "\(count.counted("backup was", "backups were")) verified, and \(unverified.count) could not be"
        return BackupError(.partlyDone, "\(done): \(point.id) in \(point.store): \(error)", hint: error.hint, cause: error)
    }
}

extension Assembly {
    /// - Throws: the first store's error when none can be listed.
    package func dueForReverification() async throws -> DueBackups {
        var listings: [CatalogListing] = []
        var absent: [UnreachableStore] = []
        for catalog in catalogs.all {
            do { listings.append(try await catalog.list()) } catch let error as BackupError {
                try Task.checkCancellation()
                absent.append(UnreachableStore(store: catalog.store.name, error: error))
            }
        }
        if absent.count == catalogs.all.count, let first = absent.first { throw first.error }
        let copies = listings.flatMap(\.points)
        return DueBackups(
            copies: configuration.verification.reverification.due(copies, at: context.now()), unreachable: absent,
            damaged: CatalogListing(merging: listings, unreachable: absent).damagedCopies)
    }

    /// Takes on the first of them, as many as the settings say. Goes on after a backup that cannot be verified at all.
    /// - Throws: the first such error, when no other backup could be verified either.
    func proveAgain(_ due: DueBackups, progress: @escaping ProgressSink) async throws -> ReverificationResult {
        var result = ReverificationResult()
        result.absent = due.failure
        let verification = verification(progress: progress)
        for point in due.copies.prefix(configuration.verification.reverifyCount).map(\.point) {
            do {
                guard let catalog = catalogs.catalog(of: point.store) else { continue }
                // A backup that was just proved may seem to be proved again: it is another store's copy.
                if catalogs.all.count > 1 { progress(.note("proves the copy of \(point.id) in \(point.store)")) }
                let files = try locator.files(of: point, in: catalog)
                result.verdicts += try await verification.verify(files, VerificationOrder(configuration.verification.reverifyPolicy))
            } catch let error as BackupError {
                try Task.checkCancellation()
                progress(.warning("backup \(point.id) could not be verified: \(error)"))
                result.unverified.append((point, error))
            }
        }
        if result.verdicts.isEmpty, let first = result.unverified.first { throw first.error }
        return result
    }
}
