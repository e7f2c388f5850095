import RDBFormat
import Testing

/// Six servers were given the same commands (`Fixtures/servers/commands.txt`) and told to save. Their files differ in version, dialect and
/// nearly every encoding.
struct ServersTests {
    static let headers: [(server: String, dialect: RDBHeader.Dialect, version: Int)] = [
        ("redis-6.2", .redis, 9), ("redis-7.0", .redis, 10), ("valkey-8.1", .redis, 11), ("redis-7.4", .redis, 12),
        ("redis-8.6", .redis, 13),
        ("valkey-9.1", .valkey, 80),
    ]

    private func summary(_ name: String) throws -> RDBSummary {
        let summary = try survey(try Fixture.bytes(name + ".rdb", of: "servers"))
        #expect(summary.checksum == .proved)
        #expect(summary.notUnderstood == nil)
        return summary
    }

    @Test(arguments: headers)
    func writeTheSameData(server: String, dialect: RDBHeader.Dialect, version: Int) throws {
        let summary = try summary(server)
        #expect(summary.header == RDBHeader(dialect: dialect, version: version))
        #expect(summary.serverVersion?.hasPrefix(server.drop { $0 != "-" }.dropFirst()) == true)
        #expect(summary.content == (try self.summary("redis-7.0").content))
        #expect(summary.content.databases.map(\.number) == [0, 3])
        #expect(
            summary.content.databases.first?.kinds == [.string: 6, .list: 1, .set: 4, .sortedSet: 3, .hash: 2, .stream: 1])
    }

    @Test(arguments: ["redis-7.4", "redis-8.6", "valkey-9.1"])
    func writeTheSameExpiriesOfFields(server: String) throws {
        let log = try receive(try Fixture.bytes(server + "-field-expiry.rdb", of: "servers"), into: EventLog())
        #expect(log.lines.filter { $0.hasSuffix(" 1900000000500") || $0.hasSuffix(" 1900000000700") }.count == 3)
        #expect(log.lines.filter { $0.hasPrefix("hash ") && $0.hasSuffix(" -1") }.count == 4)
        #expect(try summary(server + "-field-expiry").content == summary("redis-7.4-field-expiry").content)
    }

    /// Two messages of one producer.
    @Test
    func sayWhichMessagesTheyKnow() throws {
        let log = try receive(try Fixture.bytes("redis-8.6-idempotence.rdb", of: "servers"), into: EventLog())
        #expect(log.lines.contains { $0.hasPrefix("key ") && $0.contains("streamListpacks4") })
        #expect(log.lines.filter { $0.hasPrefix("producer ") }.count == 1)
        #expect(log.lines.filter { $0.hasPrefix("message ") }.count == 2)
        #expect(try summary("redis-8.6-idempotence").content.databases.first?.elements == 2)
    }
}
