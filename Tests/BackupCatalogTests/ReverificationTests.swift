import BackupModel
import Testing

@testable import BackupCatalog

@Suite("Proving old backups again")
struct ReverificationTests {
    private let now = Instant(secondsSinceEpoch: 1_772_000_000)
    private let weekly = Reverification(interval: .seconds(7 * 86_400), level: .restore)

    @Test("What was never proved comes first, the newest of it; then the oldest proof; young proofs not at all")
    func order() throws {
        let points = [
            try point(1, provedDaysAgo: 20), try point(2, provedDaysAgo: nil), try point(3, provedDaysAgo: 9),
            try point(4, provedDaysAgo: nil),
            try point(5, provedDaysAgo: 2),
        ]
        let due = weekly.due(points, at: now).map { $0.point.id.description.prefix(8) }
        #expect(due == ["20260204", "20260202", "20260201", "20260203"])
        #expect(weekly.due(points.reversed(), at: now).map(\.point.id) == weekly.due(points, at: now).map(\.point.id))
    }

    @Test("A rotation proves every backup before any of them twice")
    func rotation() throws {
        var points = try (1...5).map { try point($0, provedDaysAgo: 30) }
        var proved: [RecoveryPointID] = []
        for step in 0..<5 {
            let next = try #require(weekly.due(points, at: now + .seconds(Int64(step) * 3600)).first)
            proved.append(next.point.id)
            let place = try #require(points.firstIndex { $0.id == next.point.id })
            points[place].manifest.verifications.append(try verdict(points[place], .restore, at: now))
        }
        #expect(Set(proved).count == 5)
        #expect(weekly.due(points, at: now + .seconds(5 * 3600)).isEmpty)
    }

    @Test("What cannot be proved here gives way to the next once it was tried")
    func unprovable() throws {
        var points = try (1...3).map { try point($0, provedDaysAgo: nil) }
        var tried: [RecoveryPointID] = []
        for night in 0..<6 {
            let next = try #require(weekly.due(points, at: now).first)
            tried.append(next.point.id)
            let place = try #require(points.firstIndex { $0.id == next.point.id })
            points[place].manifest.verifications.append(try verdict(points[place], .content, at: now + .seconds(Int64(night))))
        }
        #expect(Set(tried.prefix(3)).count == 3 && Array(tried.prefix(3)) == Array(tried.suffix(3)))
    }

    @Test("A verdict of a lower level is no proof by restore, but one of a higher level is any")
    func levels() throws {
        var checked = try point(1, provedDaysAgo: nil)
        checked.manifest.verifications = [try verdict(checked, .content, at: now)]
        #expect(weekly.due([checked], at: now).count == 1)
        let content = Reverification(interval: weekly.interval, level: .content)
        #expect(content.due([checked], at: now).isEmpty)
        #expect(content.due([try point(1, provedDaysAgo: 1)], at: now).isEmpty)
        checked.manifest.verifications = [try verdict(checked, .digest, at: now)]
        #expect(content.due([checked], at: now).count == 1)
        #expect(Reverification(interval: weekly.interval, level: .quick).due([checked], at: now).isEmpty)
    }

    @Test("The proof of another store's copy is told, and is none of this one; a copy that its own run proved is not due")
    func copies() throws {
        let proved = try point(1, provedDaysAgo: 2)
        let stored = Dictionary(uniqueKeysWithValues: proved.manifest.artifacts.map { ($0.key, $0.bytes) })
        var manifest = proved.manifest
        for place in manifest.verifications.indices { manifest.verifications[place].store = "/backups" }
        let other = RecoveryPoint(manifest: manifest, store: "s3://b", stored: stored)
        let due = weekly.due([proved, other], at: now)
        #expect(due.map(\.point.store) == ["s3://b"] && due.map(\.provedAt) == [nil])
        #expect(due.first?.elsewhere == Reverification.Elsewhere(store: "/backups", at: now + .seconds(-2 * 86_400)))
        #expect(weekly.due([proved], at: now).isEmpty)
    }

    @Test("What is known to be damaged or incomplete is left to people")
    func damaged() throws {
        var damaged = try point(1, provedDaysAgo: nil)
        damaged.manifest.verifications = [try verdict(damaged, .quick, at: now, passed: false)]
        let torn = RecoveryPoint(manifest: try SizeSenseTests.point(2, tables: ["public.calls": 1]), store: "/backups", stored: [:])
        #expect(weekly.due([damaged, torn], at: now).isEmpty)
    }

    private func point(_ day: Int, provedDaysAgo days: Int64?) throws -> RecoveryPoint {
        let manifest = try SizeSenseTests.point(day, tables: ["public.calls": 1])
        let stored = Dictionary(uniqueKeysWithValues: manifest.artifacts.map { ($0.key, $0.bytes) })
        var point = RecoveryPoint(manifest: manifest, store: "/backups", stored: stored)
        if let days { point.manifest.verifications = [try verdict(point, .restore, at: now + .seconds(-days * 86_400))] }
        return point
    }

    private func verdict(_ point: RecoveryPoint, _ level: Verification.Level, at: Instant, passed: Bool = true) throws -> Verification {
        let key = try #require(point.dumps.first?.key)
        return Verification(artifact: key, level: level, at: at, seconds: 1, passed: passed, reasons: [])
    }
}
