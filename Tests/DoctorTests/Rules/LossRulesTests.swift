import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Backups that are gone")
struct LossRulesTests {
    /// Every store answers and has nothing.
    private var bare: Examination {
        var facts = Healthy.examination
        for place in facts.stores.indices { facts.stores[place].holdings = .known(.init()) }
        facts.service?.points = []
        return facts
    }

    /// The stores have the backups of the two days before.
    private var aged: Examination {
        var facts = Healthy.examination
        let older = [Healthy.remembered(daysAgo: 1), Healthy.remembered(daysAgo: 2)]
        for place in facts.stores.indices { facts.stores[place].holdings = .known(.init(points: older)) }
        facts.service?.points = older
        return facts
    }

    @Test("Empty stores are no health where the history knows backups, and nobody is told to sync or prune")
    func everything() throws {
        let finding = try #require(Diagnose()(bare).first)
        #expect(finding.code == .backupsGone && finding.severity == .critical)
        #expect(finding.cause.english == "every backup is gone: the history knows 1 since 2026-02-14 02:00:00Z, and no store has one")
        #expect(finding.evidence?.english == "/backups has none; s3://call-center-backups has none")
        #expect(finding.remedy.commands.first == "findmnt --target /backups")
        #expect(finding.remedy.commands.suffix(2) == ["call-center-admin config show", "call-center-admin storage check"])
        #expect(finding.remedy.alternatives.map(\.commands) == [["call-center-admin db backup"]])
        #expect(!finding.remedy.commands.contains { $0.contains("sync") || $0.contains("prune") })
        #expect(Verdict(Diagnose()(bare)) == .failures)
    }

    @Test("A store that cannot be listed may have what the others lack, and that is said")
    func unlisted() throws {
        var facts = bare
        facts.stores[1].holdings = .troubled(Trouble(.silent, "no answer"))
        let finding = try #require(Diagnose()(facts).first { $0.code == .backupsGone })
        #expect(finding.severity == .critical && finding.cause.english.hasSuffix("no store that could be listed has one"))
        #expect(finding.evidence?.english.hasSuffix("s3://call-center-backups could not be listed and may have some") == true)
    }

    @Test("Runs that are older than the records at hand are counted by the history")
    func tally() throws {
        var facts = bare
        facts.service?.runs = []
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .backupsGone && finding.cause.english.contains("the history knows 90, the last of 2026-02-14 02:10:00Z"))
    }

    @Test("Before the first backup there is nothing to lose")
    func never() {
        var facts = bare
        facts.service?.runs = []
        facts.service?.history = [:]
        #expect(!Diagnose()(facts).contains { $0.code == .backupsGone })
    }

    @Test("The newest backup in no store is a failure, though older ones are there")
    func newest() throws {
        let finding = try #require(Diagnose()(aged).first)
        #expect(finding.code == .backupsGone && finding.severity == .critical && finding.subject.point == Healthy.id)
        #expect(finding.cause.english == "the newest backup is gone: no store has \(Healthy.id)")
    }

    @Test("Not while a run is under way, nor where retention may have removed it")
    func notGone() throws {
        var facts = aged
        var later = try #require(facts.service?.runs.first)
        (later.id, later.kind, later.point) = ("20260216T020000Z-00000001", .pruning, nil)
        later.startedAt = Healthy.slot + .seconds(2 * 86_400)
        facts.service?.runs.insert(later, at: 0)
        #expect(!Diagnose()(facts).contains { $0.code == .backupsGone })
        facts = aged
        var current = try #require(facts.service?.runs.first)
        (current.id, current.startedAt, current.finishedAt, current.point) = ("20260214T085900Z-00000001", Healthy.now, nil, nil)
        facts.service?.current = CurrentRun(record: current, phase: "dump", lastMoved: Healthy.now)
        #expect(!Diagnose()(facts).contains { $0.code == .backupsGone })
    }

    @Test("A newest backup that has lost its manifest is told as that")
    func manifestLost() {
        var facts = aged
        let dump = StoredObject(key: "call_center-\(Healthy.id).sql.gz", bytes: 1, modifiedAt: Healthy.slot)
        facts.change(holdings: { $0.orphans = [dump] })
        let codes = Diagnose()(facts).map(\.code)
        #expect(codes.contains(.manifestMissing) && !codes.contains(.backupsGone))
    }

    @Test("Files of a run under way are no backup that has lost its manifest, and its copies are not missing")
    func underWay() throws {
        var facts = Healthy.examination
        var run = try #require(facts.service?.runs.first)
        (run.id, run.startedAt, run.finishedAt) = ("20260214T085500Z-00000001", Healthy.now + .seconds(-300), nil)
        run.point = nil
        let id = RecoveryPointID(at: run.startedAt)
        let dump = StoredObject(key: "call_center-\(id).sql.gz", bytes: 1, modifiedAt: Healthy.now)
        // Of a sync, which copies what is older.
        let copy = StoredObject(key: "call_center-20260101T020000Z.sql.gz", bytes: 1, modifiedAt: Healthy.now)
        facts.change(holdings: { $0.orphans = [dump, copy] })
        facts.service?.points[0].copies.removeLast()
        #expect(Set(Diagnose()(facts).map(\.code)) == [.manifestMissing, .missingCopies])
        facts.service?.runs.insert(run, at: 0)
        #expect(Diagnose()(facts).map(\.code) == [])
    }
}
