import BackupModel
import Testing

@testable import BackupCatalog

/// What retention reads from manifests, where `RetentionPropertyTests` begin with what it has read.
@Suite("Retention over random verdicts")
struct RetentionVerdictTests {
    private static let now = Instant(secondsSinceEpoch: 1_771_034_400)

    /// What a backup was put to, and for which proofs that lets it count.
    private enum Trial: CaseIterable {
        case none, digest, quick, content, restoreInPart, restore, restoreThenDamage, damageThenRestore

        var verdicts: [(level: Verification.Level, passed: Bool)] {
            switch self {
            case .none: []
            case .digest: [(.digest, true)]
            case .quick: [(.digest, true), (.quick, true)]
            case .content: [(.quick, true), (.content, true)]
            case .restoreInPart, .restore: [(.restore, true)]
            case .restoreThenDamage: [(.restore, true), (.content, false)]
            case .damageThenRestore: [(.content, false), (.restore, true)]
            }
        }

        var countsFor: Set<RetentionPolicy.Proof> {
            switch self {
            case .none, .digest, .quick, .restoreThenDamage: []
            case .content, .restoreInPart: [.content]
            case .restore, .damageThenRestore: [.content, .restore]
            }
        }
    }

    private struct Drawn {
        var point: RecoveryPoint
        var trial: Trial
        var isDoubted: Bool

        func counts(for proof: RetentionPolicy.Proof) -> Bool { !isDoubted && trial.countsFor.contains(proof) }
    }

    @Test("Only what passed the proof that is asked for counts, and what is doubted neither counts nor goes", arguments: 0..<10)
    func verdicts(part: Int) {
        var removals = 0
        for seed in part * 100..<(part + 1) * 100 {
            var numbers = Numbers(state: UInt64(seed + 1) &* 0x9e37_79b9_7f4a_7c15 | 1)
            let policy = Self.policy(&numbers)
            let drawn = (0..<Int.random(in: 1...25, using: &numbers)).map { Self.draw(daysAgo: $0, &numbers) }
            let plan = Retention(policy, now: Self.now).plan(drawn.map(\.point).shuffled(using: &numbers))
            #expect(Set(plan.removed) == Self.removable(drawn, policy), "\(seed)")
            removals += plan.removed.count
        }
        #expect(removals > 100)
    }

    /// Counting by number alone, and no bound on the time between two.
    private static func policy(_ numbers: inout Numbers) -> RetentionPolicy {
        var policy = RetentionPolicy()
        policy.last = Int.random(in: 1...4, using: &numbers)
        policy.minimum = Int.random(in: 1...4, using: &numbers)
        policy.proof = RetentionPolicy.Proof.allCases.randomElement(using: &numbers) ?? .restore
        policy.clockBound = .seconds(1 << 40)
        return policy
    }

    /// - Parameter drawn: newest first.
    private static func removable(_ drawn: [Drawn], _ policy: RetentionPolicy) -> Set<RecoveryPointID> {
        let counting = drawn.indices.filter { drawn[$0].counts(for: policy.proof) }
        guard let newest = counting.first, counting.count >= policy.minimum else { return [] }
        let kept = counting.prefix(max(policy.last, policy.minimum))
        return Set(drawn.indices.filter { $0 > newest && !kept.contains($0) && !drawn[$0].isDoubted }.map { drawn[$0].point.id })
    }

    private static func draw(daysAgo days: Int, _ numbers: inout Numbers) -> Drawn {
        let trial = Trial.allCases.randomElement(using: &numbers) ?? .none
        let format: Artifact.Format = Bool.random(using: &numbers) ? .gzippedSQL : .custom
        var point = point(of: now + .seconds(-86_400 * Int64(days) - 600), format, trial)
        let isDoubted = Int.random(in: 0..<12, using: &numbers) == 0
        if isDoubted {
            var other = point.manifest
            other.startedAt = other.startedAt + .seconds(5)
            point.contradictions = [
                Contradiction(manifest: point.manifest, stores: [point.store], other: other, otherStore: "s3://backups/one")
            ]
        }
        return Drawn(point: point, trial: trial, isDoubted: isDoubted)
    }

    private static func point(of time: Instant, _ format: Artifact.Format, _ trial: Trial) -> RecoveryPoint {
        let id = RecoveryPointID(at: time)
        let key = ArtifactName.dump(of: "call_center", id: id, format: format)
        let dump = Artifact(key: key, kind: .postgresDump, format: format, database: "call_center", bytes: 4, sha256: "00")
        let verdicts = trial.verdicts.enumerated().map { place, verdict in
            Verification(
                artifact: key, level: verdict.level, at: time + .seconds(60 * Int64(place + 1)), seconds: 1, passed: verdict.passed,
                reasons: [], isPartial: trial == .restoreInPart)
        }
        let manifest = Manifest(id: id, startedAt: time, finishedAt: time, artifacts: [dump], verifications: verdicts)
        return RecoveryPoint(manifest: manifest, store: "/backups", stored: [key: 4])
    }
}
