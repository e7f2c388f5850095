import BackupReports
import Testing

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
}
