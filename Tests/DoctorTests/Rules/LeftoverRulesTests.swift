import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("What broken-off runs have left")
struct LeftoverRulesTests {
    private static let keys = ["call_center-20260213T010000Z.sql.gz", "call_center-20260213T020000Z.sql.gz"]

    /// Two whole files in the bucket, of runs that were killed.
    private var facts: Examination {
        var facts = Healthy.examination
        var holdings = facts.stores[1].holdings.value ?? .init()
        holdings.orphans = Self.keys.map { StoredObject(key: $0, bytes: 1, modifiedAt: Healthy.slot) }
        facts.stores[1].holdings = .known(holdings)
        facts.unfinished = .known(Set(Self.keys))
        return facts
    }

    private func files(_ facts: Examination) throws -> Checklist.Line {
        try #require(Checklist(facts, Diagnose()(facts)).lines.first { $0.section == .files })
    }

    @Test("What can be removed is told, with what removes it")
    func free() throws {
        let finding = try #require(Diagnose()(facts).first { $0.code == .leftovers })
        #expect(finding.evidence?.english == "\(Self.keys[0]) (+1)")
        #expect(finding.remedy.commands == ["call-center-admin doctor --fix"])
    }

    @Test("What a lock keeps is no warning, as nobody can remove it, and no riddle: when it can go is said")
    func locked() throws {
        var facts = facts
        for key in Self.keys { facts.stores[1].locked[key] = "locked until 2026-03-01 02:00:00Z in compliance mode" }
        #expect(!Diagnose()(facts).contains { $0.code == .leftovers })
        let line = try files(facts)
        #expect(line.mark == .good)
        #expect(line.text.english.contains("\(Self.keys[0]) (+1), locked until 2026-03-01 02:00:00Z in compliance mode"), "\(line)")
        #expect(line.text.english.hasSuffix("the next backup after that removes it"))
    }

    @Test("What a lock keeps does not hide what it does not keep")
    func both() throws {
        var facts = facts
        facts.stores[1].locked[Self.keys[0]] = "under a legal hold"
        let finding = try #require(Diagnose()(facts).first { $0.code == .leftovers })
        #expect(finding.evidence?.english == Self.keys[1])
        #expect(try files(facts).mark == .warning)
    }
}
