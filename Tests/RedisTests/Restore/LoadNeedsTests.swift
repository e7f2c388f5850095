import BackupModel
import Testing

@testable import RDBFormat
@testable import Redis

@Suite struct LoadNeedsTests {
    private let server = RedisEndpoint(.network(host: "calls", port: 6379))

    private func summary(_ databases: [RDBDatabaseSummary], usedMemory: Int, bytes: Int64 = 1000) -> RDBSummary {
        var content = RDBContent()
        content.databases = databases
        content.moduleData = RDBTally(count: 1)
        return RDBSummary(
            header: RDBHeader(dialect: .redis, version: 10), byteCount: bytes, checksum: .proved, notUnderstood: nil,
            auxiliary: ["used-mem": "\(usedMemory)"], slots: [], content: content)
    }

    private func database(_ number: UInt64, modules: UInt64 = 0) -> RDBDatabaseSummary {
        RDBDatabaseSummary(number: number, keys: 3, kinds: [.module: modules], expiring: 0, elements: 3, digest: RDBDigest())
    }

    private func scan(_ types: [RDBValueType], database: UInt64, bytes: Int64 = 100) -> KeyScan {
        var scan = KeyScan(longestArgument: 1 << 20)
        for type in types { scan.add(KeyHeader(database: database, name: [1], type: type, expiresAt: nil), bytes: bytes) }
        return scan
    }

    @Test func aPartNeedsOnlyWhatItHolds() {
        let whole = summary([database(0), database(9, modules: 2)], usedMemory: 1 << 30)
        let all = LoadNeeds(whole)
        #expect(all.highestDatabase == 9 && all.moduleKeys == 2 && all.hasModuleData && all.memory == 1 << 30)
        let part = LoadNeeds(scan([.string, .hash], database: 1), of: whole)
        #expect(part.highestDatabase == 1 && part.moduleKeys == 0 && !part.hasModuleData)
        #expect(part.memory == 214_748_364)
        #expect(LoadNeeds(scan([.module2], database: 0), of: whole).moduleKeys == 1)
    }

    @Test func memoryIsJudgedByWhatComes() {
        var facts = RestoreTargetFacts()
        facts.maxMemory = 300 << 20
        facts.server.usedBytes = 1 << 20
        facts.database = .open
        let whole = summary([database(0)], usedMemory: 1 << 30)
        #expect(LoadNeeds(whole).findings(facts, server: server).refusal?.message.contains("the data took 1.07 GB") == true)
        let part = LoadNeeds(scan([.string], database: 0), of: whole)
        #expect(part.findings(facts, server: server).isEmpty)
        facts.server.usedBytes = 250 << 20
        let beside = part.findings(facts, server: server)
        #expect(beside.refusal == nil && beside.first?.message.contains("the selected keys take about 107 MB") == true)
    }

    @Test func aMissingRightIsNotAMissingDatabase() {
        let part = LoadNeeds(scan([.string], database: 5), of: summary([database(5)], usedMemory: 1))
        var facts = RestoreTargetFacts()
        facts.server.user = "restorer"
        facts.database = .missing
        #expect(part.findings(facts, server: server).refusal?.message.contains("database 5, which calls:6379 does not have") == true)
        facts.database = .denied
        let denied = part.findings(facts, server: server).refusal
        #expect(denied?.code == .permissionDenied && denied?.message.contains("the user restorer is denied SELECT") == true)
    }
}
