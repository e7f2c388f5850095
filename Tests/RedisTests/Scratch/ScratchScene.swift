import BackupModel
import BackupTestKit
import RDBFormat
import ScratchServers
import SystemPackage

@testable import Redis

/// A place for scratch servers of one test, with the programs the tests have.
struct ScratchScene {
    let folder: FilePath

    func place(memory: ByteSize = ByteSize(1 << 30)) -> ScratchPlace { ScratchPlace(folder: folder.string, memory: memory) }

    /// The scratch folders there are.
    func entries() async throws -> [String] {
        try await Command("ls", ["-A", folder.string]).output().split(separator: "\n").map(String.init)
    }

    /// Programs of every release, the wanted one last: it has to be chosen.
    static func programs(_ version: RedisInstallation.Version) throws -> [String] {
        try requireRedis(version)
        let all = RedisInstallation.installed.values.sorted { $0.version.rawValue < $1.version.rawValue }
        return (all.filter { $0.version != version } + all.filter { $0.version == version }).map(\.server.string)
    }

    static let allPrograms = RedisInstallation.installed.values.map(\.server.string).sorted()

    func proof(
        of bytes: [UInt8], copy: RedisCopy? = nil, programs: [String] = allPrograms, memory: ByteSize = ByteSize(1 << 30),
        progress: @escaping ProgressSink = { _ in }
    ) -> RedisProof {
        RedisProof(
            of: BytesInMemory(bytes: bytes), name: "redis-test.rdb", copy: copy, in: place(memory: memory), programs: programs,
            progress: progress)
    }
}

/// Runs `body` with a place that the account of scratch servers can get into.
func withScratchScene<Value: Sendable>(_ body: (ScratchScene) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { try await body(ScratchScene(folder: $0)) }
}

extension RedisServer {
    /// Data of every kind, some of which is over and some soon, as a replica would get it.
    func fillWithWhatExpires() async throws {
        try await cli("DEBUG", "SET-ACTIVE-EXPIRE", "0")
        try await fill(keys: 2_000)
        try await fill(keys: 50, database: 3)
        try await cli("SET", "over", "x", "PX", "1")
        try await cli("SET", "later", "x", "EX", "100000")
        try await cli("XADD", "stream", "1-1", "field", "value")
        try await cli("XGROUP", "CREATE", "stream", "group", "0")
        try await cli("XREADGROUP", "GROUP", "group", "alice", "STREAMS", "stream", ">")
        try await cli("XGROUP", "CREATECONSUMER", "stream", "group", "bob")
        if version != .redis6 {
            try await cli("FUNCTION", "LOAD", "#!lua name=calls\nredis.register_function('answer', function() return 42 end)")
        }
        if version == .redis74 || version == .valkey9 { try await fillFieldsThatExpire() }
    }

    private func fillFieldsThatExpire() async throws {
        for hash in ["small", "large"] {
            let count = hash == "small" ? 3 : 700
            try await cli("EVAL", "for i = 1, \(count) do redis.call('HSET', '\(hash)', 'f' .. i, i) end return 1", "0")
            try await cli("HPEXPIRE", hash, "1", "FIELDS", "1", "f1")
            try await cli("HEXPIRE", hash, "100000", "FIELDS", "1", "f2")
        }
        try await cli("HSET", "all over", "only", "1")
        try await cli("HPEXPIRE", "all over", "1", "FIELDS", "1", "only")
    }
}

extension RedisCopy {
    init(_ summary: RDBSummary, version: String = "Redis 7.0.15") {
        self.init(
            artifact: "redis-test.rdb.gz", server: "calls:6379", version: version, isReplica: false, replicationID: "a", offset: 0,
            takenAt: Instant(secondsSinceEpoch: 0), rdbVersion: summary.header.version,
            databases: summary.content.databases.map {
                RedisDatabase(
                    number: Int(clamping: $0.number), keys: Int64(clamping: $0.keys), expiring: Int64(clamping: $0.expiring),
                    digest: "\($0.digest)")
            })
    }
}
