package import BackupCatalog
package import BackupModel

/// A file an operator named, with what is known of it.
package struct LocatedBackup: Sendable {
    /// Where it lies.
    package var file: StoredFile
    /// What a manifest beside it says of it; nil for a lone or foreign file.
    package var artifact: Artifact?
    /// The recovery point it belongs to; also known for a file whose name says it, with or without a manifest.
    package var id: RecoveryPointID?
    /// The recovery points of the store it lies in.
    package var catalog: Catalog
    /// When the recovery point was begun, and of which server it is: from the manifest.
    package var startedAt: Instant?
    package var postgres: PostgresFacts?
    /// What it says of the Redis the file is a copy of.
    package var redisCopy: RedisCopy?
    /// The worst that is known of its recovery point, else the best that is proved.
    package var condition: RecoveryPoint.Condition?
    /// What the run that took it was asked for and could not save.
    package var lacking: [MissingPart] = []
    /// What has to be known before it is relied on: why the manifest beside it says nothing, though there is one; that it is not the newest.
    package var doubt: String?
    /// Another store that has a copy of it.
    private var otherStore: String?
    /// The same file in other stores, for where this copy turns out to be none: in the order they are asked. Empty where somebody named this very copy.
    package internal(set) var otherCopies: [LocatedBackup] = []

    init(_ file: StoredFile, catalog: Catalog) {
        self.file = file
        self.catalog = catalog
    }

    /// What is known against it, to be told before anybody relies on it.
    package var warnings: [String] {
        let condition: String? =
            switch self.condition {
            case .suspicious: "is suspicious, it may lack data"
            case .verificationFailed: "did not pass its last verification"
            case .changedFiles: "has files whose size is not what was stored"
            case .missingFiles, .verified, .restored, .checked, .notVerified, nil: nil
            }
        let known = condition.flatMap { words in id.map { "backup \($0) \(words): `call-center-admin db show \($0)` says why" } }
        return [doubt.map { "\(path): \($0)" }, known].compactMap { $0 }
    }

    /// What the file has to be, to be held against it; nil where no manifest says it. The other copy is named by its key, as an ID may stand for
    /// several databases.
    var record: FileRecord? {
        guard let artifact, let id else { return nil }
        return FileRecord(
            path: path, id: id, artifact: artifact, postgres: postgres, otherCopy: otherStore.map { "\($0)/\(artifact.key)" })
    }

    /// As messages name it: a path without symlinks, or a URL.
    package var path: String { file.name }

    /// The name it is stored under.
    package var key: String { file.key }

    /// Roles and tablespaces, which are restored before a dump is, not by themselves.
    package var isGlobals: Bool {
        artifact?.kind == .globals || key.hasPrefix("globals-") && ArtifactName.plain(key).hasSuffix(".sql")
    }

    package var isRedis: Bool { [".rdb", ".rdb.gz"].contains { ArtifactName.plain(key).hasSuffix($0) } }

    mutating func take(_ artifact: Artifact?, of point: RecoveryPoint) {
        self.artifact = artifact
        file.recipients = artifact?.encryption?.recipients ?? []
        id = point.id
        startedAt = point.manifest.startedAt
        postgres = point.manifest.postgres
        lacking = point.manifest.lacking
        condition = point.condition
        redisCopy = point.manifest.redis.first { $0.artifact == artifact?.key }
        otherStore = point.otherStore
    }

    /// - Parameter places: the stores other than the one it lies in that have a sound copy.
    mutating func take(copiesIn places: [Catalog], _ identities: @escaping Identities) {
        guard let artifact else { return }
        for (place, catalog) in places.enumerated() {
            var copy = self
            copy.file = StoredFile(artifact.key, in: catalog.store, identities)
            copy.file.recipients = file.recipients
            copy.catalog = catalog
            copy.otherStore = place + 1 < places.count ? places[place + 1].store.name : nil
            copy.otherCopies = []
            otherCopies.append(copy)
        }
    }
}

extension LocatedBackup {
    /// The first copy that stands `test`. What is wrong with those before it is told once there is one to take instead; nothing may have been changed by the
    /// test.
    /// - Throws: what is wrong with the first copy when none stands it, with the others' beside it.
    package func firstUsable(telling warn: (String) -> Void, _ test: (LocatedBackup) async throws -> Void) async throws -> LocatedBackup {
        var refusals: [BackupError] = []
        for copy in [self] + otherCopies {
            do {
                try await test(copy)
                for refusal in refusals { warn("\(refusal); the copy \(copy.path) is taken instead") }
                return copy
            } catch let error as BackupError {
                try Task.checkCancellation()
                refusals.append(error)
                // A key that is missing here is missing for every copy; what one store's credentials lack is that store's own.
                if error.obstacle != .credentials, [.permissionDenied, .invalidConfiguration].contains(error.code) { break }
            }
        }
        throw refusals.asOne() ?? BackupError(.failed, "\(path) was not tried")
    }
}

extension RecoveryPoint {
    /// One with a copy that nothing bad is known of; where no other was asked, one the manifest names. Two folders may be one by two names.
    fileprivate var otherStore: String? {
        if copies.count > 1 { return otherSoundStores.first }
        return manifest.stores.map(\.store).first { $0 != store && ($0.contains("://") || store.contains("://")) }
    }
}
