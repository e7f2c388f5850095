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
    /// What is on record against copies of it, this one and those in other stores, by store.
    private var damage: [(store: String, reason: String)] = []
    /// What is known against copies of its recovery point in other stores than the one it lies in, each with what to do about it.
    package private(set) var faultsElsewhere: [String] = []
    /// What showed, while the backup was taken, that rows the server called unchanged were others.
    private var difference: String?
    /// Another store that has a copy of it.
    private var otherStore: String?
    /// The same file in other stores, for where this copy turns out to be none: in the order they are asked. Empty where somebody named this very copy.
    package internal(set) var otherCopies: [LocatedBackup] = []

    init(_ file: StoredFile, catalog: Catalog) {
        self.file = file
        self.catalog = catalog
    }

    /// What is known against it, to be told before anybody relies on it; and against copies of it that are passed over for that.
    package var warnings: [String] {
        let condition: String? =
            switch self.condition {
            case .suspicious: difference.map { "is doubted: \($0)" } ?? "is suspicious, it may lack data"
            case .verificationFailed: "did not pass its last verification"
            case .changedFiles: "has files whose size is not what was stored"
            case .missingFiles, .verified, .restored, .checked, .notVerified, nil: nil
            }
        let known = condition.flatMap { words in id.map { "backup \($0) \(words): `call-center-admin db show \($0)` says why" } }
        let recorded = damage.map { "the copy of \(key) in \($0.store) is on record as damaged: \($0.reason)" }
        return [doubt.map { "\(path): \($0)" }, known].compactMap { $0 } + recorded
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
        damage = artifact.map { point.damage(to: $0) } ?? []
        difference = point.difference
        faultsElsewhere = point.faultsElsewhere
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

extension RecoveryPoint {
    /// One with a copy that nothing bad is known of; where no other was asked, one the manifest names. Two folders may be one by two names.
    fileprivate var otherStore: String? {
        if copies.count > 1 { return otherSoundStores.first }
        return manifest.stores.map(\.store).first { $0 != store && ($0.contains("://") || store.contains("://")) }
    }

    /// A copy that lacks files is filled again by itself; of one that is damaged a person says which is the good one.
    fileprivate var faultsElsewhere: [String] {
        copies.filter { $0.store != store && !$0.condition.isSound }.map { copy in
            if let damaged = DamagedCopy(of: self, in: copy.store) { return "\(damaged). \(damaged.remedy)" }
            return "the copy of \(id) in \(copy.store) lacks files; `call-center-admin db sync` copies them anew"
        }
    }

    /// Of each copy of the file that is there and damaged: why.
    fileprivate func damage(to artifact: Artifact) -> [(store: String, reason: String)] {
        copies.filter { $0.damaged?.contains(artifact.key) == true }.map { copy in
            let found = verifications.last { $0.artifact == artifact.key && !$0.passed && ($0.store ?? copy.store) == copy.store }
            let reason = found.map { "\($0.reasons.first ?? "it did not pass its verification") (found \($0.at.display))" }
            return (copy.store, reason ?? "it has another size than was stored")
        }
    }
}
