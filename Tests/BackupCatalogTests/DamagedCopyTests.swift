import BackupModel
import Testing

@testable import BackupCatalog

@Suite("A damaged copy")
struct DamagedCopyTests {
    private func point(_ copies: [RecoveryPoint.Copy]) throws -> RecoveryPoint {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        let begin = try #require(id.instant)
        var point = RecoveryPoint(
            manifest: Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: []), store: "/backups", stored: [:])
        point.copies = copies
        return point
    }

    private let damaged = RecoveryPoint.Copy(store: "/backups", condition: .verificationFailed, damaged: ["calls.sql.gz"])

    @Test("is to be deleted and made anew where another copy is sound, once that one was checked")
    func soundElsewhere() throws {
        let point = try point([damaged, .init(store: "s3://far", condition: .notVerified)])
        let copy = try #require(DamagedCopy(of: point, in: "/backups"))
        #expect(copy.soundCopy?.store == "s3://far")
        for words in ["s3://far has a copy", "verify-backup s3://far/20260214T020000Z", "delete calls.sql.gz from /backups", "db sync"] {
            #expect(copy.remedy.contains(words), "\(words)")
        }
    }

    @Test("is to be deleted at once where the same files passed elsewhere, and that copy is named before others")
    func passedElsewhere() throws {
        var point = try point([damaged, .init(store: "gs://far", condition: .notVerified), .init(store: "s3://far", condition: .checked)])
        let at = point.manifest.startedAt
        point.manifest.verifications = [
            Verification(artifact: "calls.sql.gz", level: .content, at: at, seconds: 1, passed: true, reasons: [], store: "s3://far")
        ]
        let remedy = try #require(DamagedCopy(of: point, in: "/backups")).remedy
        #expect(remedy.hasPrefix("s3://far has a copy that passed at \(at.display). Delete calls.sql.gz from /backups and run "))
        let more = try #require(DamagedCopy(of: point, in: "/backups", keys: ["calls.sql.gz", "globals.sql"]))
        #expect(more.remedy.contains("gs://far has a copy nothing bad is known of. Check it") && more.soundCopy?.passedAt == nil)
    }

    @Test(
        "is to be kept where there is no other, or that one is damaged or incomplete too",
        arguments: [nil, .missingFiles, .changedFiles] as [RecoveryPoint.Condition?])
    func alone(other: RecoveryPoint.Condition?) throws {
        let others = other.map { [RecoveryPoint.Copy(store: "s3://far", condition: $0)] } ?? []
        let copy = try #require(DamagedCopy(of: try point([damaged] + others), in: "/backups"))
        #expect(copy.remedy == DamagedCopy.lastRemedy && copy.remedy.contains("Keep the file"))
    }

    @Test("counts as none: it is a failure, and every further one is told")
    func failure() throws {
        let copies = try ["/backups", "s3://far"].map { store in
            let copy = RecoveryPoint.Copy(store: store, condition: .changedFiles, damaged: ["a"])
            return try #require(DamagedCopy(of: try point([copy]), in: store))
        }
        let failure = try #require(copies.failure)
        #expect(failure.code == .partlyDone && failure.others.count == 1)
        #expect([DamagedCopy]().failure == nil)
    }

    @Test("is none where files are only missing")
    func missing() throws {
        #expect(DamagedCopy(of: try point([.init(store: "/backups", condition: .missingFiles)]), in: "/backups") == nil)
    }
}
