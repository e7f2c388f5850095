import BackupModel

/// What retention has to know of a backup, and nothing else.
struct RetentionCandidate: Sendable, Equatable {
    let id: RecoveryPointID
    /// As its manifest records it; names and dates of files decide nothing.
    let takenAt: Instant
    /// Databases and the Redis, each with its server's identity; also databases the run lacks. A backup stands in for all that cover no more.
    let covers: Set<String>
    /// Whether it passed the proof the policy asks for, and lacks nothing.
    var counts: Bool
    /// Whether it has everything its run was to save.
    var isComplete = true
    let isSuspicious: Bool
    let pin: Pin?
    /// What is wrong with it, or what it has not passed; for reasons.
    let condition: RecoveryPoint.Condition
    /// Why what its manifest says is not to be believed; nil where nothing speaks against it.
    var doubt: String?
}

extension RetentionCandidate {
    init(_ point: RecoveryPoint, _ proof: RetentionPolicy.Proof, _ redis: RedisIdentities) {
        let manifest = point.manifest
        id = point.id
        takenAt = manifest.startedAt
        covers = manifest.coverage(redis)
        doubt = point.doubt
        // Who may not be removed on the word of its manifest does not let others be removed by it either.
        isComplete = manifest.lacking.isEmpty
        counts = doubt == nil && isComplete && point.hasPassed(proof)
        isSuspicious = point.isSuspicious
        pin = manifest.pin
        condition = point.condition
    }

    /// As if what is whole had passed the proof that nobody has made yet.
    var hoped: RetentionCandidate {
        var candidate = self
        candidate.counts = counts || (doubt == nil && isComplete && [.checked, .notVerified].contains(condition))
        return candidate
    }
}

extension Manifest {
    /// The same name on another server is another database. A Redis that was not saved is not named: nobody knows which one it would have been,
    /// and there is nothing of it to lose.
    func coverage(_ redis: RedisIdentities) -> Set<String> {
        let server = postgres?.systemIdentifier ?? ""
        let dumps = artifacts.filter { $0.kind == .postgresDump }.map { "\(server)/\($0.database ?? "")" }
        let lacked = lacking.filter { $0.kind == .postgresDump }.map { "\(server)/\($0.database ?? "")" }
        return Set(dumps + lacked + [redis.identity(in: self)].compactMap { $0 })
    }
}

extension RecoveryPoint {
    fileprivate func hasPassed(_ proof: RetentionPolicy.Proof) -> Bool {
        switch (condition, proof) {
        case (.verified, _), (.restored, _): true
        case (.checked, .content): (dumps + redisDumps).allSatisfy { manifest.isRead($0) }
        default: false
        }
    }
}

extension Manifest {
    /// A look at the structure is no reading.
    fileprivate func isRead(_ artifact: Artifact) -> Bool {
        verifications.contains { $0.artifact == artifact.key && $0.passed && ($0.level == .content || $0.level == .restore) }
    }
}
