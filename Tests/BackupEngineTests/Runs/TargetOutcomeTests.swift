import BackupModel
import Testing

@testable import BackupEngine
@testable import BackupVerification

@Suite("What a backup came to for its targets")
struct TargetOutcomeTests {
    private let manifest = Manifest(
        id: RecoveryPointID(at: Instant(secondsSinceEpoch: 0)), startedAt: Instant(secondsSinceEpoch: 0),
        finishedAt: Instant(secondsSinceEpoch: 9),
        artifacts: [
            Artifact(key: "a", kind: .postgresDump, format: .gzippedSQL, database: "a", bytes: 100, sha256: "", rows: 7),
            Artifact(key: "b", kind: .postgresDump, format: .gzippedSQL, database: "b", bytes: 10, sha256: "", rows: 3),
            Artifact(key: "g", kind: .globals, format: .sql, bytes: 1, sha256: ""),
            Artifact(key: "r", kind: .redisDump, format: .gzippedRDB, bytes: 1000, sha256: "", keys: 5),
        ])

    private func verdict(_ target: BackupTarget?, _ passed: Bool) -> FileVerdict {
        var verdict = Verdict(kind: .script, level: .content, bytes: 1)
        verdict.findings = passed ? [] : [Finding("broken")]
        verdict.conclude()
        return FileVerdict(path: "/b/x", verdict: verdict, target: target)
    }

    @Test("Sizes and counts are those of the target's own files; unchecked is neither good nor bad")
    func unchecked() {
        #expect(
            TargetOutcome(.postgres, of: manifest, lacking: [:], verdicts: [])
                == TargetOutcome(target: .postgres, succeeded: true, bytes: 111, rows: 10))
        #expect(
            TargetOutcome(.redis, of: manifest, lacking: [:], verdicts: [])
                == TargetOutcome(target: .redis, succeeded: true, bytes: 1000, rows: 5))
    }

    @Test("A target that lacks something failed, with the reason, and the other did not")
    func lacking() {
        let error = BackupError(.authenticationFailed, "wrong password")
        let postgres = TargetOutcome(.postgres, of: manifest, lacking: [.postgres: error], verdicts: [])
        #expect(!postgres.succeeded && postgres.failure == RunFailure(error) && postgres.bytes == 111)
        #expect(TargetOutcome(.redis, of: manifest, lacking: [.postgres: error], verdicts: []).succeeded)
    }

    @Test("One whose file did not pass failed, however whole it is stored")
    func unproved() {
        let verdicts = [verdict(.postgres, true), verdict(.postgres, false), verdict(.redis, true)]
        let postgres = TargetOutcome(.postgres, of: manifest, lacking: [:], verdicts: verdicts)
        #expect(!postgres.succeeded && postgres.verified == false && postgres.failure?.code == .verificationFailed)
        let redis = TargetOutcome(.redis, of: manifest, lacking: [:], verdicts: verdicts)
        #expect(redis.succeeded && redis.verified == true && redis.failure == nil)
        #expect(verdicts.outcomes.map(\.verified) == [false, true])
    }

    @Test("One that no key at hand opens is an alarm of verification, and nothing is said against the file")
    func locked() {
        var locked = verdict(.postgres, false)
        locked.lock = BackupError(.permissionDenied, "none of the known age identities opens it")
        let outcome = TargetOutcome(.postgres, verdicts: [locked])
        #expect(!outcome.succeeded && outcome.verified == false)
        #expect(outcome.failure?.code == .verificationFailed && outcome.failure?.message == "none of the known age identities opens it")
        #expect([locked].failure?.code == .permissionDenied)
        let words = "none of the known age identities opens it; files that no identity here opens: 2 of 3"
        #expect([locked, verdict(.redis, true), locked].failure?.message == words)
        #expect([locked, verdict(.redis, false)].failure?.message.hasSuffix("broken") == true)
    }

    @Test("A file of no catalog is no target's")
    func foreign() {
        #expect([verdict(nil, true)].outcomes == [])
    }
}
