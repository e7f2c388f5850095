import BackupReports
import Testing

@testable import Doctor

@Suite("Rules of Redis' memory")
struct RedisMemoryTests {
    /// Of 8 GB that it holds.
    private func found(free: Int64, overcommit: Int?) -> [Diagnosis] {
        var facts = Healthy.examination
        facts.change(redis: { ($0.usedBytes, $0.availableBytes, $0.overcommit) = (8_000_000_000, free, overcommit) })
        return Diagnose()(facts)
    }

    @Test("Where the kernel may refuse the fork it is let grant it, now and after the next boot")
    func refusal() throws {
        let finding = try #require(found(free: 5_000_000_000, overcommit: 0).first)
        #expect(finding.code == .redisMemory && finding.evidence?.english.contains("vm.overcommit_memory is 0") == true)
        #expect(finding.remedy.commands.first == "sysctl vm.overcommit_memory=1")
        #expect(finding.remedy.alternatives.first?.commands == ["echo vm.overcommit_memory=1 | sudo tee /etc/sysctl.d/60-redis.conf"])
    }

    @Test("Where there is no memory for a copy either, some is freed first: a fork that is granted would only bring the server down")
    func both() throws {
        let finding = try #require(found(free: 2_000_000_000, overcommit: 0).first)
        #expect(finding.code == .redisMemory && finding.remedy.words.english.hasPrefix("There is not the memory for a copy"))
        #expect(finding.remedy.words.russian.hasPrefix("Памяти на копию нет"))
        #expect(finding.remedy.commands.first == "ps -eo rss,pid,args --sort=-rss | head")
        #expect(!finding.remedy.commands.contains { $0.contains("overcommit") })
        #expect(finding.remedy.alternatives.first?.commands == ["sysctl vm.overcommit_memory=1"])
    }

    @Test("What counts is what the kernel sees of it, where that is told")
    func resident() throws {
        var facts = Healthy.examination
        facts.change(redis: { ($0.usedBytes, $0.residentBytes, $0.availableBytes) = (1_000_000_000, 9_000_000_000, 4_000_000_000) })
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .redisMemory && finding.evidence?.english.contains("it holds 9") == true, "\(finding)")
        facts.change(redis: { $0.residentBytes = 1_000_000_000 })
        #expect(Diagnose()(facts).isEmpty)
    }

    @Test("Where it grants every fork nobody is told of it", arguments: [1, nil])
    func granted(_ overcommit: Int?) {
        #expect(found(free: 5_000_000_000, overcommit: overcommit).isEmpty)
    }

    @Test("Where too little is left for what is written meanwhile, that is said, and nothing of the kernel's setting", arguments: [1, nil])
    func shortage(_ overcommit: Int?) throws {
        let finding = try #require(found(free: 3_000_000_000, overcommit: overcommit).first)
        #expect(finding.code == .redisMemory && finding.severity == .warning)
        #expect(!"\(finding)".contains("overcommit"))
    }
}
