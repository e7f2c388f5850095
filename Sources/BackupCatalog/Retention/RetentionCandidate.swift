import BackupModel

/// What retention has to know of a backup, and nothing else.
struct RetentionCandidate: Sendable, Equatable {
    let id: RecoveryPointID
    /// As its manifest records it; names and dates of files decide nothing.
    let takenAt: Instant
    /// Databases, each with its server's identity, and Redis; also what the run was asked for and lacks. A backup stands in for all that cover no more.
    let covers: Set<String>
    /// Whether it passed the proof the policy asks for, and lacks nothing.
    let counts: Bool
    let isSuspicious: Bool
    let pin: Pin?
    /// What is wrong with it, or what it has not passed; for reasons.
    let condition: RecoveryPoint.Condition
}

extension RetentionCandidate {
    init(_ point: RecoveryPoint, _ proof: RetentionPolicy.Proof) {
        let manifest = point.manifest
        id = point.id
        takenAt = manifest.startedAt
        covers = manifest.coverage
        counts = manifest.lacking.isEmpty && point.hasPassed(proof)
        isSuspicious = point.isSuspicious
        pin = manifest.pin
        condition = point.condition
    }
}

extension Manifest {
    /// The same name on another server is another database.
    var coverage: Set<String> {
        let server = postgres?.systemIdentifier ?? ""
        let dumps = artifacts.filter { $0.kind == .postgresDump }.map { "\(server)/\($0.database ?? "")" }
        let lacked = lacking.filter { $0.kind == .postgresDump }.map { "\(server)/\($0.database ?? "")" }
        let hasRedis = artifacts.contains { $0.kind == .redisDump } || lacking.contains { $0.kind == .redisDump }
        return Set(dumps + lacked + (hasRedis ? ["redis"] : []))
    }
}

extension RecoveryPoint {
    fileprivate func hasPassed(_ proof: RetentionPolicy.Proof) -> Bool {
        switch (condition, proof) {
        case (.verified, _): true
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
