package import BackupModel

/// A manifest, held against what its store really has.
package struct RecoveryPoint: Sendable, Equatable {
    package var manifest: Manifest
    /// The store this copy of it is in.
    package var store: String
    /// Keys the manifest names and the store lacks: operators delete files by hand.
    package var missing: [String]
    /// Keys whose size in the store is not the recorded one.
    package var resized: [String]

    package var id: RecoveryPointID { manifest.id }

    /// The dumps of databases, the run's first database first.
    package var dumps: [Artifact] { manifest.artifacts.filter { $0.kind == .postgresDump } }

    /// The copies of Redis: one, or one per master of a cluster.
    package var redisDumps: [Artifact] { manifest.artifacts.filter { $0.kind == .redisDump } }

    /// Every copy there is, this one included, in the order stores are asked.
    package var copies: [Copy] = []

    /// Verdicts on other copies that the manifest of this one does not have.
    package var otherVerdicts: [Verification] = []

    /// Other stores that have a sound copy.
    package var otherSoundStores: [String] = []

    /// Manifests of other stores under the same ID that say something else.
    package var contradictions: [Contradiction] = []

    /// Stores that hold a copy and do not know that it is pinned: what is pinned in one is pinned in all.
    var unpinnedStores: [String] = []

    /// Stores that could not be asked whether they have a copy.
    package var unknownStores: [String] = []

    /// Why, by store.
    package var unknownReasons: [String: String] = [:]

    /// Backups with a later date that did not count, where this one stands for the newest.
    package var passedOver: [RecoveryPointID] = []

    /// The newest backup of another PostgreSQL server that stores in the same place, where this one stands for the newest.
    package var stranger: RecoveryPointID?

    /// The newest file of a later backup that no manifest names, where this one stands for the newest.
    package var newerStray: String?

    /// - Parameter stored: the sizes of what the store holds, by key.
    package init(manifest: Manifest, store: String, stored: [String: Int64]) {
        self.manifest = manifest
        self.store = store
        missing = manifest.artifacts.map(\.key).filter { stored[$0] == nil }
        resized = manifest.artifacts.filter { artifact in stored[artifact.key].map { $0 != artifact.bytes } ?? false }.map(\.key)
        copies = [Copy(self)]
    }
}

extension RecoveryPoint {
    /// One store's copy.
    package struct Copy: Sendable, Equatable, Codable {
        package var store: String
        package var condition: Condition
        /// Keys of files that are there and not what was stored; nil where none is known to be.
        package var damaged: [String]?

        package init(store: String, condition: Condition, damaged: [String]? = nil) {
            self.store = store
            self.condition = condition
            self.damaged = damaged
        }

        init(_ point: RecoveryPoint) {
            self.init(store: point.store, condition: point.condition, damaged: point.damaged.isEmpty ? nil : point.damaged)
        }
    }

    package var isSound: Bool { condition.isSound }

    /// Whether a file of it has been read and found whole, and nothing of it is doubted.
    package func isProved(_ artifact: Artifact) -> Bool {
        isSound && !isSuspicious && [.read, .restored].contains(manifest.standing(of: artifact, in: store))
    }

    /// Every verdict on any copy, the oldest first.
    package var verifications: [Verification] { (manifest.verifications + otherVerdicts).sorted { $0.at < $1.at } }

    private var damaged: [String] {
        manifest.artifacts.filter { resized.contains($0.key) || manifest.standing(of: $0, in: store) == .failed }.map(\.key)
            .filter { !missing.contains($0) }
    }
}

extension RecoveryPoint {
    /// One word for lists: the worst that is known, else the best that is proved.
    package enum Condition: String, Sendable, Codable {
        case missingFiles = "missing files"
        case changedFiles = "changed files"
        case verificationFailed = "verification failed"
        /// Whole, but of another size than those before it, and nobody has said why.
        case suspicious
        /// Restored, and found equal to what was saved.
        case verified
        /// Restored without an error, but of a format that holds nothing its rows could be compared with.
        case restored
        /// Read and found whole, but not restored.
        case checked
        case notVerified = "not verified"

        /// Whether all files are there and none is known to be damaged.
        package var isSound: Bool {
            switch self {
            case .missingFiles, .changedFiles, .verificationFailed: false
            case .suspicious, .verified, .restored, .checked, .notVerified: true
            }
        }
    }

    package var condition: Condition {
        if !missing.isEmpty { return .missingFiles }
        if !resized.isEmpty { return .changedFiles }
        if manifest.artifacts.contains(where: { manifest.standing(of: $0, in: store) == .failed }) { return .verificationFailed }
        if isSuspicious { return .suspicious }
        let standings = (dumps + redisDumps).map { manifest.standing(of: $0, in: store) }
        guard !standings.isEmpty, !standings.contains(.unknown) else { return .notVerified }
        guard standings.allSatisfy({ $0 == .restored }) else { return .checked }
        return worthOfRestore
    }

    /// What it is once it was restored.
    package var worthOfRestore: Condition { dumps.allSatisfy(\.format.holdsDigests) ? .verified : .restored }

    /// Doubted, and not accepted.
    package var isSuspicious: Bool { manifest.suspicion.map { $0.accepted == nil } ?? false }

    /// What showed, while it was taken, that rows the server called unchanged were not those of the backup before it: everything was read then.
    package var difference: String? { manifest.artifacts.lazy.compactMap { $0.origins?.difference }.first }

    /// The newest proof by restore that every dump has, and what the slowest of them took; nil unless all have one.
    package var lastProof: (at: Instant, recovery: Duration)? {
        let proofs = (dumps + redisDumps).map(manifest.lastRestore)
        let found = proofs.compactMap { $0 }
        guard let oldest = found.map(\.at).min(), found.count == proofs.count else { return nil }
        return (oldest, .seconds(found.reduce(0) { $0 + ($1.durations?[.restore] ?? 0) }))
    }
}
