import BackupCatalog
import BackupModel
import BackupReports

/// `/api/points`: every recovery point, newest first.
struct PointsAnswer: Encodable {
    let now: Instant
    let points: [PointSummary]

    init(_ facts: ServiceFacts) {
        now = facts.now
        points = facts.points.map(PointSummary.init)
    }
}

/// A recovery point as lists show it.
struct PointSummary: Encodable {
    let id: RecoveryPointID
    let startedAt: Instant
    let finishedAt: Instant
    let condition: RecoveryPoint.Condition
    let isSound: Bool
    let bytes: Int64
    let rows: Int64?
    let keys: Int64?
    let databases: [String]
    let hasRedis: Bool
    let skewMilliseconds: Int64?
    let copies: [RecoveryPoint.Copy]
    /// Of the last restore that found it equal to what was saved.
    let proof: Proof?
    let isPinned: Bool
    let isSuspicious: Bool
    let missingFiles: [String]
    let lacking: [Lack]

    struct Proof: Encodable {
        let at: Instant
        /// The measured recovery time.
        let recoverySeconds: Double
    }

    struct Lack: Encodable {
        let name: String
        let reason: String
    }

    init(_ point: RecoveryPoint) {
        let manifest = point.manifest
        id = point.id
        startedAt = manifest.startedAt
        finishedAt = manifest.finishedAt
        condition = point.condition
        isSound = point.isSound
        bytes = manifest.bytes
        rows = point.dumps.compactMap(\.rows).sum
        keys = point.redisDumps.compactMap(\.keys).sum
        databases = point.dumps.compactMap(\.database)
        hasRedis = !point.redisDumps.isEmpty
        skewMilliseconds = manifest.skewMilliseconds
        copies = point.copies
        proof = point.lastProof.map { Proof(at: $0.at, recoverySeconds: $0.recovery.inSeconds) }
        isPinned = manifest.pin != nil
        isSuspicious = point.isSuspicious
        missingFiles = point.missing
        lacking = manifest.lacking.map { Lack(name: $0.name, reason: $0.reason) }
    }
}

extension [Int64] {
    /// Nil where nothing was counted.
    var sum: Int64? { isEmpty ? nil : reduce(0, +) }
}

/// `/api/points/{id}`: one of them, with its files, verdicts, and what retention thinks of it.
struct PointAnswer: Encodable {
    let point: PointSummary
    let artifacts: [Artifact]
    let verifications: [Verification]
    let suspicion: Suspicion?
    let pin: Pin?
    let retention: [Fate]

    /// In one store.
    struct Fate: Encodable {
        let store: String
        let isKept: Bool
        let reasons: [String]
    }

    /// - Throws: a `Problem` where there is no such point.
    init(_ facts: ServiceFacts, id: String) throws {
        guard let point = facts.points.first(where: { $0.id.description == id }) else { throw Problem.noPoint }
        self.point = PointSummary(point)
        artifacts = point.manifest.artifacts
        verifications = point.manifest.verifications
        suspicion = point.manifest.suspicion
        pin = point.manifest.pin
        retention = facts.stores.compactMap { store in
            store.retention.decisions.first { $0.id == point.id }
                .map { Fate(store: store.name, isKept: $0.isKept, reasons: $0.reasons) }
        }
    }
}
