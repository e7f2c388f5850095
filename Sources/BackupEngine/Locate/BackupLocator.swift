package import BackupCatalog
package import BackupModel

/// Finds what operators mean by `latest`, an ID, the beginning of one, a path, or a URL.
package struct BackupLocator: Sendable {
    let catalogs: Catalogs
    /// What opens encrypted files here.
    let identities: Identities
    let context: RunContext
    /// The store of a URL that is not among the configured ones, and the key in it; nil for what is no such URL.
    let foreignStore: @Sendable (_ url: String) throws -> (store: any BackupStore, key: String)?

    package init(
        catalogs: Catalogs, identities: @escaping Identities = { [] }, context: RunContext,
        foreignStore: @escaping @Sendable (String) throws -> (store: any BackupStore, key: String)? = { _ in nil }
    ) {
        self.catalogs = catalogs
        self.identities = identities
        self.context = context
        self.foreignStore = foreignStore
    }

    /// Every file of the recovery point, or the one file of a path.
    /// - Throws: `.artifactMissing` when one of them is not there, `.invalidUsage` when the beginning of an ID fits several.
    package func files(of text: String) async throws -> [LocatedBackup] {
        switch try await look(for: text) {
        case .file(let file): return [file]
        case .point(let point, let catalogs):
            if let missing = point.missing.first { throw gone(missing, of: point) }
            return located(point.manifest.artifacts, of: point, in: catalogs)
        }
    }

    /// The one copy of Redis.
    /// - Throws: as `files`, and `.invalidUsage` for a recovery point of a cluster, which has one for each of its masters.
    package func redisDump(of text: String) async throws -> LocatedBackup {
        guard case .point(let point, let catalogs) = try await look(for: text) else { return try await file(text) }
        let copies = located(point.redisDumps, of: point, in: catalogs)
        if let missing = copies.first(where: { point.missing.contains($0.key) }) { throw gone(missing.key, of: point) }
        guard let copy = copies.first else { throw try await lacksPart("copy of Redis", point, catalogs) { !$0.redisDumps.isEmpty } }
        guard copies.count == 1 else {
            throw BackupError(
                .invalidUsage, "backup \(point.id) is of a cluster, with a file for each of its \(copies.count) masters",
                hint: "Restore one after the other, with --keys '*': \(copies.map(\.path).joined(separator: ", "))")
        }
        return copy
    }

    /// The one dump that can be restored. Other files of its recovery point may have been deleted by hand: that does not keep it from being.
    /// - Throws: as `files`, and `.invalidUsage` for a recovery point of several databases.
    package func dump(of text: String) async throws -> LocatedBackup {
        guard case .point(let point, let catalogs) = try await look(for: text) else { return try await file(text) }
        let dumps = located(point.dumps, of: point, in: catalogs)
        if let missing = dumps.first(where: { point.missing.contains($0.key) }) { throw gone(missing.key, of: point) }
        guard let dump = dumps.first else { throw try await lacksPart("dump of a database", point, catalogs) { !$0.dumps.isEmpty } }
        guard dumps.count == 1 else {
            throw BackupError(
                .invalidUsage, "\(text) holds \(dumps.count) databases",
                hint: "Name one of the files: \(dumps.map(\.path).joined(separator: ", "))")
        }
        return dump
    }

    /// The recovery point behind the URL of a store; nil for what is no URL.
    /// - Throws: `.invalidUsage` where the URL names a file.
    package func point(of url: String) async throws -> RecoveryPoint? {
        guard let (catalog, key) = try store(of: url) else { return nil }
        let found = try await hintingAtPrefix(key, catalog) { try await point(BackupReference(key), in: alone(catalog)) }
        guard let point = found else {
            throw BackupError(
                .invalidUsage, "\(url) is not a backup, but a file",
                hint: "End the URL with an ID or “latest”; `call-center-admin db verify-backup \(Shell.quoted(url))` checks the file.")
        }
        return point
    }

    /// The files of one store's copy of a recovery point.
    package func files(of point: RecoveryPoint, in catalog: Catalog) throws -> [LocatedBackup] {
        if let missing = point.missing.first { throw gone(missing, of: point) }
        return located(point.manifest.artifacts, of: point, in: Catalogs([catalog]))
    }
}

extension BackupLocator {
    private enum Found {
        case point(RecoveryPoint, Catalogs)
        case file(LocatedBackup)
    }

    private func look(for text: String) async throws -> Found {
        if let (catalog, key) = try store(of: text) {
            return try await hintingAtPrefix(key, catalog) {
                let catalogs = alone(catalog)
                if let point = try await point(BackupReference(key), in: catalogs) { return .point(point, catalogs) }
                return .file(try await file(key, in: catalog))
            }
        }
        guard let point = try await point(BackupReference(text), in: catalogs) else { return .file(try await file(text)) }
        return .point(point, catalogs)
    }

    /// One store by itself, which is waited for as long as it takes, and not without a word.
    private func alone(_ catalog: Catalog) -> Catalogs { Catalogs([catalog], notice: context.notice) }

    /// Who names a bucket's backup may forget what stands before its keys there.
    private func hintingAtPrefix<Value>(_ key: String, _ catalog: Catalog, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as BackupError where error.code == .artifactMissing {
            let store = catalog.store.name
            let near = catalogs.all.map(\.store.name).first { $0 != store && Self.bucket(of: $0) == Self.bucket(of: store) }
            guard let near else { throw error }
            var told = error
            told.hint = "Backups are kept in \(near) there: name \(Shell.quoted("\(near)/\(key)")), or see `call-center-admin db list`."
            throw told
        }
    }

    /// `s3://bucket` of `s3://bucket/backups`; nil for a folder.
    private static func bucket(of store: String) -> String? {
        guard let scheme = store.firstRange(of: "://") else { return nil }
        return String(store[..<scheme.upperBound] + store[scheme.upperBound...].prefix { $0 != "/" })
    }

    /// Nil for a path.
    private func point(_ reference: BackupReference, in catalogs: Catalogs) async throws -> RecoveryPoint? {
        guard var point = try await catalogs.find(reference, asOf: context.now()) else { return nil }
        // Only where it stands for the newest does it matter what others may hold.
        if reference != .latest { point.unknownStores = [] }
        return point
    }

    private func located(_ artifacts: [Artifact], of point: RecoveryPoint, in catalogs: Catalogs) -> [LocatedBackup] {
        guard let catalog = catalogs.catalog(of: point.store) else { return [] }
        return artifacts.map { artifact in
            var backup = LocatedBackup(StoredFile(artifact.key, in: catalog.store, identities), catalog: catalog)
            backup.take(artifact, of: point)
            backup.doubt = doubt(of: point)
            backup.take(copiesIn: point.otherSoundStores.compactMap(catalogs.catalog(of:)), identities)
            return backup
        }
    }

    /// Whether it is the newest.
    private func doubt(of point: RecoveryPoint) -> String? {
        let absent = point.unknownStores.joined(separator: ", ")
        let future = point.passedOver.map(\.description).joined(separator: ", ")
        let doubts = [
            absent.isEmpty ? nil : "\(point.id) is the newest of the stores that could be listed; \(absent) may hold a newer one",
            future.isEmpty ? nil : "\(point.id) was taken as the newest: \(future) is of the future, by a clock that was wrong",
            point.stranger.map {
                "\(point.id) was taken as the newest; \($0) is of another PostgreSQL server that stores here: name the backup of the one you mean"
            },
            point.newerStray.map {
                "\(point.id) was taken as the newest; no manifest names \($0), which is newer: it is of a run that is under way or was broken off, or its "
                    + "manifest is lost (`call-center-admin db sync` brings back what another store has; the file can be named by itself)"
            },
        ].compactMap { $0 }
        return doubts.isEmpty ? nil : doubts.joined(separator: "; ")
    }

    /// - Parameter holds: whether a recovery point has what is wanted.
    private func lacksPart(
        _ part: String, _ point: RecoveryPoint, _ catalogs: Catalogs, _ holds: (RecoveryPoint) -> Bool
    ) async throws -> BackupError {
        let newest = try await catalogs.list().points.first(where: holds)
        let hint = newest.map { "The newest that holds one is \($0.id)." } ?? "No backup here holds one."
        return BackupError(
            .artifactMissing, "backup \(point.id) holds no \(part)",
            hint: "\(hint) `call-center-admin db show \(point.id)` says what this one lacks, and why.")
    }

    private func gone(_ key: String, of point: RecoveryPoint) -> BackupError {
        BackupError(
            .artifactMissing, "\(key) of backup \(point.id) is not in \(point.store) any more",
            hint: "Somebody deleted it; `call-center-admin db list` shows which backups are whole."
        )
    }
}
