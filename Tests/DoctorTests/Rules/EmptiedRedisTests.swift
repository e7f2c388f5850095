import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("A Redis that has lost what it held")
struct EmptiedRedisTests {
    @Test(
        "It is told by its keys beside those of the newest backup that do not expire",
        arguments: [
            (0, 5_000, 0, true), (499, 5_000, 0, true), (500, 5_000, 0, false), (nil, 5_000, 0, false), (0, 999, 0, false),
            (0, 5_000, 4_500, false),
        ] as [(Int64?, Int64, Int64, Bool)])
    func keys(now: Int64?, then: Int64, expiring: Int64, isTold: Bool) {
        var facts = Healthy.examination
        facts.save(keys: then, expiring: expiring)
        facts.change(redis: { $0.keys = now })
        #expect(Diagnose()(facts).map(\.code) == (isTold ? [.redisEmptied] : []))
    }

    @Test("A backup of what was left is doubted, and is none to go by")
    func doubted() throws {
        var facts = Healthy.examination
        facts.save(keys: 0)
        facts.service?.points[0].manifest.suspicion = Suspicion(reasons: ["Redis went from 5,000 keys to none"])
        var older = Healthy.remembered(daysAgo: 1)
        older.manifest.redis = [.holding(keys: 5_000)]
        facts.service?.points.append(older)
        facts.change(redis: { $0.keys = 0 })
        let all = Diagnose()(facts).flatMap { [$0] + $0.consequences }
        let finding = try #require(all.first { $0.code == .redisEmptied })
        #expect(finding.evidence?.english == "it holds 0 keys; \(older.id) has 5,000 keys without expiry")
    }

    @Test("While it loads nothing is said of what it will hold")
    func loading() {
        var facts = Healthy.examination
        facts.save(keys: 5_000)
        facts.change(redis: { ($0.keys, $0.isLoading) = (0, true) })
        #expect(Diagnose()(facts).map(\.code) == [.redisNotReady])
    }
}
