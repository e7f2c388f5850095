import BackupCatalog
import BackupModel
import Testing

@testable import BackupEngine

@Suite("Whether a slot has its backup")
struct CoverageTests {
    private static let now = Instant(secondsSinceEpoch: 1_771_034_400)

    private func point(_ hours: Int, database: String = "call_center") -> RecoveryPoint {
        let instant = Self.now + .seconds(hours * 3600)
        let id = RecoveryPointID(at: instant)
        let artifact = Artifact(
            key: ArtifactName.dump(of: database, id: id, format: .gzippedSQL), kind: .postgresDump, format: .gzippedSQL,
            database: database, bytes: 3, sha256: "00")
        return RecoveryPoint(
            manifest: Manifest(id: id, startedAt: instant, finishedAt: instant, artifacts: [artifact]), store: "disk",
            stored: [artifact.key: 3])
    }

    @Test("is told by the newest of all that is configured, not by one of the future or of something else")
    func newest() async throws {
        try await withMachine(environment: ["DATABASE_URL": "postgres://ops@localhost/call_center"]) { machine in
            let coverage = Coverage(try await machine.load())
            let points = [point(-48), point(-24), point(-1, database: "billing"), point(24 * 365)]
            #expect(coverage.newest(of: points, asOf: Self.now)?.id == points[1].id)
            #expect(coverage.newest(of: [point(24 * 365)], asOf: Self.now) == nil)
        }
    }
}
