import BackupModel
import Testing

@testable import BackupCatalog

@Suite("What retention will remove, and when")
struct RetentionForecastTests {
    private static let now = Instant(secondsSinceEpoch: 1_795_687_500)
    private static let day = Duration.seconds(86_400)

    private static func point(_ daysAgo: Int, verified: Bool = true, pinned: Bool = false, suspicious: Bool = false) -> RecoveryPoint {
        let start = now + .seconds(-8 * 3600 - Int64(daysAgo) * 86_400)
        let id = RecoveryPointID(at: start)
        let dump = Artifact(
            key: "db-\(id).sql.gz", kind: .postgresDump, format: .gzippedSQL, database: "db", bytes: 10,
            sha256: String(repeating: "0", count: 64))
        var manifest = Manifest(id: id, startedAt: start, finishedAt: start + .seconds(9), artifacts: [dump])
        if verified {
            manifest.verifications = [Verification(artifact: dump.key, level: .restore, at: start, seconds: 1, passed: true, reasons: [])]
        }
        if pinned { manifest.pin = Pin(at: start) }
        if suspicious { manifest.suspicion = Suspicion(reasons: ["it shrank"]) }
        return RecoveryPoint(manifest: manifest, store: "/b", stored: [dump.key: 10])
    }

    private static var thirtyDays: RetentionPolicy { .standard }

    @Test("With thirty days kept, one goes each day, the oldest first, as old as that")
    func oneADay() {
        let points = (0..<30).map { Self.point($0) }
        let departures = Self.thirtyDays.forecast(points, now: Self.now, interval: Self.day)
        #expect(departures.map(\.id) == points.reversed().map(\.id))
        #expect(departures.first?.at == points[0].manifest.startedAt + Self.day)
        #expect(departures.first?.reason == "30 d old, kept by no rule")
        for (earlier, later) in zip(departures, departures.dropFirst()) { #expect(later.at - earlier.at == Self.day) }
    }

    @Test("What goes now is told with the moment of now")
    func now() {
        let points = [0, 1, 2, 45].map { Self.point($0) }
        let first = Self.thirtyDays.forecast(points, now: Self.now, interval: Self.day).first
        #expect(first == RetentionDeparture(id: points[3].id, at: Self.now, reason: "45 d old, kept by no rule"))
    }

    @Test("What is newer than all that count goes in its turn, too: the time on record decides, not the name")
    func newest() {
        let points = [Self.point(0, verified: false)] + (1..<30).map { Self.point($0) }
        let departures = Self.thirtyDays.forecast(points, now: Self.now, interval: Self.day)
        #expect(Set(departures.map(\.id)) == Set(points.map(\.id)))
    }

    @Test("What is pinned stays, and so does everything while a backup is doubted")
    func kept() {
        let pinned = [Self.point(0), Self.point(1), Self.point(2), Self.point(29, pinned: true)]
        #expect(!Self.thirtyDays.forecast(pinned, now: Self.now, interval: Self.day).map(\.id).contains(pinned[3].id))
        let doubted = [Self.point(0, suspicious: true)] + (1..<30).map { Self.point($0) }
        #expect(Self.thirtyDays.forecast(doubted, now: Self.now, interval: Self.day).isEmpty)
    }

    @Test("Where nothing counts, or no rule is set, nothing goes")
    func nothing() {
        let unproved = (0..<40).map { Self.point($0, verified: false) }
        #expect(Self.thirtyDays.forecast(unproved, now: Self.now, interval: Self.day).isEmpty)
        #expect(RetentionPolicy().forecast((0..<40).map { Self.point($0) }, now: Self.now, interval: Self.day).isEmpty)
        #expect(Self.thirtyDays.forecast([], now: Self.now, interval: Self.day).isEmpty)
    }
}
