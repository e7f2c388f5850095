import BackupModel
import Testing

@testable import AdminCommands
@testable import BackupCatalog
@testable import BackupEngine

@Suite("What retention decided")
struct PruneReportTests {
    @Test("says of which backups nobody knows whether a lock keeps them, and is no failure")
    func unknownLocks() throws {
        let ids = try ["20260213T020000Z", "20260212T020000Z"].map { try #require(RecoveryPointID($0)) }
        var store = PrunedStore(name: "s3://b", policy: RetentionPolicy(), isDryRun: true)
        store.plan.decisions = ids.map { RetentionPlan.Decision(id: $0, isKept: false, reasons: ["no rule keeps it"]) }
        store.results[ids[0]] = .locked("20260213T020000Z.json in s3://b is locked until 2030")
        store.unknownLocks = [ids[1]]
        let report = PruneReport([store], isDryRun: true, now: Instant(secondsSinceEpoch: 1_771_200_000))
        #expect(report.stores[0].error == nil)
        #expect(report.stores[0].backups.map(\.fate) == [.locked, .remove])
        #expect(report.stores[0].backups[1].reasons == ["no rule keeps it", "locks not known"])
        let text = report.text(TextStyle())
        #expect(text.contains("s3://b did not say of 1 backup whether its locks keep") && !text.contains("ERROR"), "\(text)")
    }

    @Test("does not say that it finished what stays")
    func unfinished() throws {
        let ids = try ["20260213T020000Z", "20260212T020000Z", "20260211T020000Z"].map { try #require(RecoveryPointID($0)) }
        var store = PrunedStore(name: "/backups", policy: RetentionPolicy(), isDryRun: false)
        store.results = [
            ids[0]: .removed(bytes: 9), ids[1]: .unfinished("20260212T020000Z.deleted in /backups is damaged"),
            ids[2]: .locked("it is kept until 2030"),
        ]
        let report = PruneReport([store], isDryRun: false, now: Instant(secondsSinceEpoch: 1_771_200_000))
        #expect(report.stores[0].finished == ["20260213T020000Z"] && report.stores[0].bytes == 9)
        let left = ["20260211T020000Z: it is kept until 2030", "20260212T020000Z: 20260212T020000Z.deleted in /backups is damaged"]
        #expect(report.stores[0].left == left && report.stores[0].unreadable.isEmpty)
        let text = report.text(TextStyle())
        for line in left { #expect(text.contains("left alone: \(line)"), "\(text)") }
        #expect(!text.contains("ERROR"), "\(text)")
    }
}
