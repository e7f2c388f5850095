import BackupModel

/// What came of one source, PostgreSQL or Redis: files in the store, and what could not be saved.
struct SourceOutcome: Sendable {
    var artifacts: [Artifact] = []
    var postgres: PostgresFacts?
    var redis: [RedisCopy] = []
    var failures: [PartFailure] = []

    static func + (left: Self, right: Self) -> Self {
        SourceOutcome(
            artifacts: left.artifacts + right.artifacts, postgres: left.postgres ?? right.postgres, redis: left.redis + right.redis,
            failures: left.failures + right.failures)
    }

    /// Whether there is anything that a backup is taken for.
    var holdsDumps: Bool { artifacts.contains { $0.kind == .postgresDump || $0.kind == .redisDump } }
}

/// One database, or Redis, that could not be saved.
struct PartFailure: Sendable {
    let kind: Artifact.Kind
    var database: String?
    let error: BackupError

    var part: MissingPart { MissingPart(kind: kind, database: database, reason: error.message) }
}

extension BackupError.Code {
    /// Whatever else the run would save would meet it too.
    var isOfStore: Bool { exitStatus == .storeFailed || exitStatus == .outOfSpace }
}
