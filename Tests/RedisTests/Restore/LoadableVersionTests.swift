import BackupModel
import RDBFormat
import Testing

@testable import Redis

@Suite struct LoadableVersionTests {
    @Test(arguments: [
        ("2.8.24", 6), ("3.2.13", 7), ("4.0.14", 8), ("5.0.14", 9), ("6.2.14", 9), ("7.0.15", 10), ("7.2.5", 11), ("7.4.1", 12),
        ("8.0.2", 12),
        ("8.4.0", 12), ("8.6.1", 13), ("8.8.0", 14), ("8.10.0", 15), ("9.0.0", 15),
    ])
    func ofRedis(version: String, highest: Int) {
        let loadable = LoadableVersion(RedisVersion(flavour: .redis, text: version))
        #expect(loadable.accepts(RDBHeader(dialect: .redis, version: highest)))
        #expect(!loadable.accepts(RDBHeader(dialect: .redis, version: highest + 1)))
        #expect(!loadable.accepts(RDBHeader(dialect: .valkey, version: 80)))
    }

    @Test(arguments: [("7.2.6", false), ("8.0.1", false), ("8.1.8", false), ("9.0.0", true), ("9.1.2", true)])
    func ofValkey(version: String, takesItsOwn: Bool) {
        let loadable = LoadableVersion(RedisVersion(flavour: .valkey, text: version))
        #expect(loadable.accepts(RDBHeader(dialect: .redis, version: 11)))
        #expect((12...79).allSatisfy { !loadable.accepts(RDBHeader(dialect: .redis, version: $0)) })
        #expect(loadable.accepts(RDBHeader(dialect: .valkey, version: 80)) == takesItsOwn)
        #expect(!loadable.accepts(RDBHeader(dialect: .valkey, version: 81)))
    }

    @Test func saysWhoTakesAFile() {
        #expect(LoadableVersion.takers(of: RDBHeader(dialect: .redis, version: 12)) == "Redis 7.4 or later")
        #expect(LoadableVersion.takers(of: RDBHeader(dialect: .redis, version: 11)) == "Redis 7.2 or later, or Valkey")
        #expect(LoadableVersion.takers(of: RDBHeader(dialect: .valkey, version: 80)) == "Valkey 9.0 or later")
        let later = LoadableVersion(RedisVersion(flavour: .redis, text: "9.0.0")).findings(
            RDBHeader(dialect: .redis, version: 16), server: "somewhere")
        #expect(later.first?.hint?.contains("not known to this version") == true)
    }
}
