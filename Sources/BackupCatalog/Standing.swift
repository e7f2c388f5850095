package import BackupModel

/// What is known of one file of a backup, from all verdicts on it.
enum Standing: Equatable {
    case unknown
    /// Found damaged, and by no check as deep found whole since.
    case failed
    /// Read and found whole, or restored in part.
    case read
    /// Restored as a whole.
    case restored

    /// - Parameters:
    ///   - verdicts: in any order.
    ///   - store: whose copy is meant; what was found whole elsewhere does not mend one that was found damaged here. Nil: any copy.
    init(_ verdicts: [Verification], in store: String? = nil) {
        var standing = Self.unknown
        var failedDepth = 0
        for verdict in verdicts.sorted(by: { $0.at < $1.at }) {
            guard verdict.passed else {
                standing = .failed
                failedDepth = max(failedDepth, verdict.depth)
                continue
            }
            // A shallow look says nothing about what a deep one has found.
            guard standing != .failed || verdict.depth >= failedDepth && verdict.concerns(store) else { continue }
            if standing == .failed { (standing, failedDepth) = (.unknown, 0) }
            if verdict.isWholeRestore { standing = .restored } else if standing == .unknown { standing = .read }
        }
        self = standing
    }
}

extension Manifest {
    /// What is known of the copy in one store: a verdict on another store's copy says nothing bad of this one, and what is good of it is recorded
    /// here only where both hold the same bytes.
    /// - Parameter store: nil: of any copy.
    func standing(of artifact: Artifact, in store: String? = nil) -> Standing {
        Standing(
            verifications.filter { verdict in
                verdict.artifact == artifact.key && (verdict.passed || verdict.concerns(store) && !isOfFormerCopy(verdict))
            }, in: store)
    }

    /// Whether the store has been given another copy since, held against the SHA-256 of the one it was made from.
    private func isOfFormerCopy(_ verdict: Verification) -> Bool {
        stores.contains { $0.store == verdict.store && verdict.at < $0.storedAt }
    }

    /// Takes over what passed for the same bytes elsewhere.
    package mutating func takeProofs(of other: Manifest) {
        let same = Set(artifacts.map { [$0.key, $0.sha256] }).intersection(other.artifacts.map { [$0.key, $0.sha256] }).compactMap(\.first)
        verifications += other.verifications.filter { $0.passed && same.contains($0.artifact) && !verifications.contains($0) }
    }

    /// The newest whole restore of a file that passed; nil without one.
    func lastRestore(of artifact: Artifact) -> Verification? {
        verifications.filter { $0.artifact == artifact.key && $0.isWholeRestore && $0.passed }.max { $0.at < $1.at }
    }
}

extension Verification {
    /// Whether the copy in that store was looked at. Older verdicts do not say; they hold for every copy.
    fileprivate func concerns(_ place: String?) -> Bool { place == nil || store == nil || store == place }

    fileprivate var isWholeRestore: Bool { level == .restore && !isPartial }

    /// Levels of later versions are taken for shallow where they passed, and for deep where they did not.
    fileprivate var depth: Int {
        switch level {
        case .digest, .quick: 1
        case .content: 2
        case .restore: isPartial ? 2 : 3
        default: passed ? 1 : 3
        }
    }
}
