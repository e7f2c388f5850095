import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("Rules of room on the disk")
struct SpaceRulesTests {
    /// Of a backup of 748 MB, of which the next one is a fifth larger at most.
    private func found(free: Int64, of bytes: Int64 = 4_000_000_000) -> [Diagnosis] {
        var facts = Healthy.examination
        facts.service?.disks[0].bytes = bytes
        facts.service?.disks[0].freeBytes = free
        return SpaceRules.all(facts)
    }

    @Test("A backup that would fill the disk beyond what is allowed is told before it fails, though it would fit")
    func limit() throws {
        let diagnosis = try #require(found(free: 1_200_000_000).first)
        #expect(diagnosis.code == .diskGrowth && diagnosis.severity == .critical)
        #expect(diagnosis.evidence?.english.contains("70 % are used, 93 % would be, 90 % are allowed") == true, "\(diagnosis)")
        #expect(found(free: 3_000_000_000).isEmpty)
    }

    @Test("One that does not fit at all is told as that; a disk that is too full already is told by another rule")
    func others() throws {
        #expect(try #require(found(free: 500_000_000).first).cause.english.hasPrefix("the next backup does not fit"))
        #expect(found(free: 1_000_000_000, of: 20_000_000_000).isEmpty)
    }

    /// Of which retention lets these go.
    private func facts(free: Int64, of bytes: Int64, removing ids: [RecoveryPointID]) -> Examination {
        var facts = Healthy.examination
        facts.service?.disks[0].bytes = bytes
        facts.service?.disks[0].freeBytes = free
        facts.service?.stores[0].retention = RetentionPlan(decisions: ids.map { .init(id: $0, isKept: false, reasons: []) })
        return facts
    }

    @Test("Where the next backup makes room first by what retention lets go, nobody is called; where that is too little, somebody is")
    func pruned() throws {
        #expect(SpaceRules.all(facts(free: 1_200_000_000, of: 4_000_000_000, removing: [Healthy.id])).isEmpty)
        #expect(SpaceRules.all(facts(free: 800_000_000, of: 4_000_000_000, removing: [Healthy.id])).isEmpty)
        let tight = try #require(SpaceRules.all(facts(free: 400_000_000, of: 4_000_000_000, removing: [Healthy.id])).first)
        #expect(tight.severity == .critical && tight.remedy.commands.contains("call-center-admin db prune"))
    }

    @Test("Inodes that the files of the next backup would use up are told before it fails")
    func inodes() throws {
        var facts = Healthy.examination
        facts.service?.disks[0].inodes = 100
        facts.service?.disks[0].freeInodes = 14
        let finding = try #require(SpaceRules.all(facts).first)
        #expect(finding.code == .diskGrowth && finding.evidence?.english.contains("86 % of the inodes are used, 94 % would be") == true)
        #expect(finding.remedy.commands.contains("df -i /backups"))
        facts.service?.disks[0].freeInodes = 40
        #expect(SpaceRules.all(facts).isEmpty)
    }

    /// A backup a day, each so much larger than the one before.
    private func grown(by bytes: Int64, days: Int, room: Int64) -> [Diagnosis] {
        var facts = Healthy.examination
        facts.change(holdings: { holdings in
            holdings.points = (0..<days).map { age in
                var point = Healthy.remembered(daysAgo: age)
                point.manifest.startedAt = Healthy.slot + .seconds(-86_400 * age)
                point.manifest.artifacts[0].bytes -= bytes * Int64(age)
                return point
            }
        })
        facts.service?.disks[0].freeBytes = 10_000_000_000 + 897_600_000 + room
        return SpaceRules.all(facts)
    }

    @Test("Backups that go on growing are told of a fortnight before the disk is too full")
    func trend() throws {
        let finding = try #require(grown(by: 50_000_000, days: 10, room: 3_400_000_000).first)
        #expect(finding.code == .diskGrowth && finding.severity == .warning)
        #expect(finding.cause.english.contains("in about 6 days"), "\(finding.cause)")
        #expect(finding.cause.russian == "на диске /backups примерно через 6 дн. станет слишком мало места")
        let last = try #require(grown(by: 50_000_000, days: 10, room: 100_000_000).first)
        #expect(last.cause.english.hasSuffix("in about 1 day"), "\(last.cause)")
        #expect(finding.evidence?.english.contains("10 backups grow by 500 MB a day") == true, "\(finding)")
        #expect(grown(by: 50_000_000, days: 10, room: 9_000_000_000).isEmpty)
        #expect(grown(by: 0, days: 10, room: 3_200_000_000).isEmpty)
        #expect(grown(by: 50_000_000, days: 5, room: 1_000_000_000).isEmpty)
    }
}
