import BackupModel
import Testing

@testable import BackupCatalog

@Suite("What is known of a copy")
struct StandingTests {
    private let begin = Instant(secondsSinceEpoch: 1_772_000_000)

    @Test("What is found whole in another store does not mend a copy that was found damaged")
    func damageStaysWhereItIs() throws {
        let (manifest, dump) = try known([verdict(.content, passed: false, in: "s3://b"), verdict(.restore, passed: true, in: "/backups")])
        #expect(manifest.standing(of: dump, in: "s3://b") == .failed)
        #expect(manifest.standing(of: dump, in: "/backups") == .restored)
    }

    @Test("A copy is whole again when it is itself found so, as deep as it was found damaged")
    func foundWholeAgain() throws {
        let failed = verdict(.content, passed: false, in: "s3://b")
        let (shallow, dump) = try known([failed, verdict(.quick, passed: true, in: "s3://b")])
        #expect(shallow.standing(of: dump, in: "s3://b") == .failed)
        let (deep, _) = try known([failed, verdict(.content, passed: true, in: "s3://b")])
        #expect(deep.standing(of: dump, in: "s3://b") == .read)
    }

    @Test("A verdict that names no store holds for every copy")
    func unnamedStore() throws {
        let (failed, dump) = try known([verdict(.content, passed: false, in: nil)])
        #expect(failed.standing(of: dump, in: "s3://b") == .failed)
        let (mended, _) = try known([verdict(.content, passed: false, in: "s3://b"), verdict(.content, passed: true, in: nil)])
        #expect(mended.standing(of: dump, in: "s3://b") == .read)
    }

    @Test("What was found of a copy that another one has replaced says nothing of the new one; what its source is proved to be does")
    func replaced() throws {
        let verdicts = [verdict(.restore, passed: true, in: "/backups"), verdict(.content, passed: false, in: "s3://b")]
        let (damaged, dump) = try known(verdicts, stored: begin)
        #expect(damaged.standing(of: dump, in: "s3://b") == .failed)
        let (mended, _) = try known(verdicts, stored: begin + .seconds(5))
        #expect(mended.standing(of: dump, in: "s3://b") == .restored)
        let (rotten, _) = try known(verdicts + [verdict(.quick, passed: false, in: "s3://b")], stored: begin + .milliseconds(1500))
        #expect(rotten.standing(of: dump, in: "s3://b") == .failed)
    }

    /// One second after the other, as they stand.
    private func known(_ verdicts: [Verification], stored: Instant? = nil) throws -> (Manifest, Artifact) {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        let dump = Artifact(key: "dump", kind: .postgresDump, format: .gzippedSQL, database: "calls", bytes: 4, sha256: "00")
        var manifest = Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: [dump])
        manifest.stores = stored.map { [StoreCopy(store: "s3://b", storedAt: $0)] } ?? []
        manifest.verifications = verdicts.enumerated().map { place, verdict in
            var verdict = verdict
            verdict.at = begin + .seconds(Int64(place))
            return verdict
        }
        return (manifest, dump)
    }

    private func verdict(_ level: Verification.Level, passed: Bool, in store: String?) -> Verification {
        Verification(artifact: "dump", level: level, at: begin, seconds: 1, passed: passed, reasons: [], store: store)
    }
}
