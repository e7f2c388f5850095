import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Manifests that do not agree")
struct ContradictionRulesTests {
    private func examination(_ change: (inout Manifest) -> Void) -> Examination {
        let near = Healthy.point()
        var manifest = near.manifest
        change(&manifest)
        let far = RecoveryPoint(
            manifest: manifest, store: "s3://call-center-backups",
            stored: Dictionary(uniqueKeysWithValues: manifest.artifacts.map { ($0.key, $0.bytes) }))
        let listings = [near, far].map { CatalogListing(points: [$0], unreadable: [], orphans: []) }
        var facts = Healthy.examination
        facts.stores[1].holdings = .known(.init(points: [far]))
        facts.service?.points = CatalogListing(merging: listings, unreachable: []).points
        return facts
    }

    @Test("are told once, with what settles it; retention keeps such a backup without a word")
    func files() throws {
        let found = Diagnose()(examination { $0.artifacts[0].sha256 = "ff" }).filter { $0.code == .artifactChanged }
        let finding = try #require(found.first)
        #expect(found.count == 1 && finding.severity == .warning)
        #expect(
            finding.cause.english
                == "the manifests of the backup \(Healthy.id) in /backups and in s3://call-center-backups do not agree")
        #expect(finding.cause.russian.contains("противоречат"))
        #expect(finding.evidence?.english == "they differ on its files")
        #expect(finding.remedy.commands == ["call-center-admin db sync"])
        #expect(finding.subject.store == "s3://call-center-backups" && finding.subject.point == Healthy.id)
    }

    @Test("on the time alone are told as that, and those that agree are not told")
    func time() throws {
        let found = Diagnose()(examination { $0.startedAt = $0.startedAt + .seconds(1) }).filter { $0.code == .artifactChanged }
        #expect(found.map { $0.evidence?.english } == ["they differ on when it was taken"])
        #expect(Diagnose()(examination { _ in }).allSatisfy { $0.code != .artifactChanged })
    }
}
