import BackupCatalog
import BackupModel
import Testing

@testable import AdminCommands

@Suite("The list of backups")
struct ListReportTests {
    private let now = Instant(secondsSinceEpoch: 1_771_200_000)

    private func point(_ day: Int, bytes: Int64) throws -> RecoveryPoint {
        let id = try #require(RecoveryPointID("2026021\(day)T020000Z"))
        let artifact = Artifact(
            key: "calls-\(id).sql.gz", kind: .postgresDump, format: .gzippedSQL, database: "calls", bytes: bytes, sha256: "00")
        let begin = try #require(id.instant)
        let manifest = Manifest(id: id, startedAt: begin, finishedAt: begin + .seconds(9), artifacts: [artifact])
        return RecoveryPoint(manifest: manifest, store: "/backups", stored: [artifact.key: bytes])
    }

    private func report(sharing stretches: [SharedStretch]) throws -> ListReport {
        let (older, newer) = (try point(1, bytes: 5_000_000), try point(2, bytes: 6_000_000))
        var sizes = PhysicalSizes()
        sizes.add(5_000_000, sharing: stretches, to: older.id)
        sizes.add(6_000_000, sharing: stretches, to: newer.id)
        let listing = CatalogListing(points: [newer, older], unreadable: [], orphans: [])
        return ListReport(listing, sizes, stores: ["/backups"], now: now)
    }

    @Test("tells what each takes up on the disk where they have blocks in common, and only there")
    func onDisk() throws {
        let shared = try report(sharing: [SharedStretch(place: 4096, bytes: 4_000_000)]).text(TextStyle())
        #expect(shared.contains("SIZE") && shared.contains("ON DISK"))
        let rows = shared.split(separator: "\n").dropFirst().map(String.init)
        #expect(rows.count == 2 && rows[0].contains("6.00 MB  2.00 MB") && rows[1].contains("5.00 MB  5.00 MB"), "\(shared)")
        #expect(try report(sharing: []).text(TextStyle()).contains("ON DISK") == false)
    }
}
