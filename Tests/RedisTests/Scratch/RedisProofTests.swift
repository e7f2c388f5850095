import BackupModel
import BackupTestKit
import Glibc
import RDBFormat
import ScratchServers
import Synchronization
import SystemPackage
import Testing

@testable import Redis

@Suite struct RedisProofTests {
    /// Keys and fields that are over since are still there: a replica waits for its primary to remove them.
    @Test(arguments: RedisInstallation.Version.allCases)
    func whatAServerHeldIsHeldAgainByOneOfItsRelease(version: RedisInstallation.Version) async throws {
        let programs = try ScratchScene.programs(version)
        let (bytes, recorded) = try await withRedis(version) { server in
            try await server.fillWithWhatExpires()
            return (try await server.copy(), try await server.cli("INFO", "server"))
        }
        let summary = try await RDBFile(bytes).survey()
        #expect(summary.content.databases.map(\.number) == [0, 3] && summary.content.functions.count == (version == .redis6 ? 0 : 1))
        try await withScratchScene { scene in
            let name = version.isValkey ? "Valkey" : "Redis"
            let text = RedisVersion(RedisInfo(recorded))?.text ?? ""
            let outcome = try await scene.proof(of: bytes, copy: RedisCopy(summary, version: "\(name) \(text)"), programs: programs).run()
            #expect(outcome.findings == [] && outcome.passed)
            #expect(outcome.server == RedisVersion(flavour: version.isValkey ? .valkey : .redis, text: text))
            #expect(outcome.keys == Int64(summary.content.keys) && outcome.bytes == Int64(bytes.count))
            #expect(outcome.expand > .zero && outcome.load > .zero && outcome.compare > .zero)
            let left = try await scene.entries()
            #expect(left == [])
        }
    }

    /// By whatever is installed here; of the newest releases and of modules nothing is.
    @Test(arguments: try corpus())
    func filesOfEveryVersionAreProvedOrSaidToNeedMore(file: FilePath) async throws {
        let bytes = try content(of: file)
        try await withScratchScene { scene in
            do {
                let outcome = try await scene.proof(of: bytes).run()
                // One is damaged on purpose, the other is of a Redis that is not the free one.
                let isBad = file.stem == "invalid_chksum_v8" || file.stem == "redis_ent_opcode_ram_lru"
                #expect(outcome.passed != isBad, "\(outcome.findings)")
            } catch let unavailable as ScratchUnavailable {
                let beyond = ["redis-8", "module", "future", "misc_with_stream"].contains { file.stem?.contains($0) == true }
                #expect(beyond, "\(unavailable)")
                #expect(unavailable.kind == .programs || unavailable.kind == .component)
            }
            let left = try await scene.entries()
            #expect(left == [])
        }
    }

    @Test func whatIsNotUnderstoodIsNoFinding() async throws {
        let bytes = Array("REDIS0011".utf8) + [0xEE, 1, 2, 3] + [UInt8](repeating: 0, count: 8)
        try await withScratchScene { scene in
            let error = await #expect(throws: ScratchUnavailable.self) { _ = try await scene.proof(of: bytes).run() }
            #expect(error?.kind == .component && error?.reason.contains("not understood from offset 9") == true)
            let left = try await scene.entries()
            #expect(left == [])
        }
    }

    @Test func aModuleThatIsMissingIsNamed() async throws {
        let file = try #require(try corpus().first { $0.stem == "module_aux_v12" })
        try await withScratchScene { scene in
            let error = await #expect(throws: ScratchUnavailable.self) {
                _ = try await scene.proof(of: try content(of: file), programs: try ScratchScene.programs(.redis74)).run()
            }
            #expect(error?.kind == .component)
            #expect(error?.reason == "cannot be proved here: the module test__rdb is not installed on this host")
        }
    }

    @Test func everyDifferenceFromTheManifestIsNamed() async throws {
        let bytes = try await withRedis { server in
            try await server.fill(keys: 100)
            try await server.fill(keys: 10, database: 4)
            return try await server.copy()
        }
        var copy = RedisCopy(try await RDBFile(bytes).survey())
        copy.databases[0].keys += 1
        let digest = copy.databases[1].digest
        copy.databases[1].digest = String(digest.reversed())
        copy.databases.append(RedisDatabase(number: 9, keys: 7, expiring: 0, digest: digest))
        try await withScratchScene { scene in
            let outcome = try await scene.proof(of: bytes, copy: copy).run()
            #expect(outcome.findings.map(\.database) == [0, 4, 9] && !outcome.passed)
            #expect(outcome.findings[0].message == "against the manifest, database 0 has 150 keys instead of 151")
            #expect(outcome.findings[1].expected == copy.databases[1].digest && outcome.findings[1].found == digest)
            #expect(outcome.findings[2].message == "against the manifest, database 9 has 0 keys instead of 7")
        }
    }

    @Test func aDamagedFileIsAFindingAndLeavesNothing() async throws {
        var bytes = try await withRedis { server in
            try await server.fill(keys: 1000)
            return try await server.copy()
        }
        bytes[bytes.count / 2] ^= 4
        try await withScratchScene { scene in
            let outcome = try await scene.proof(of: bytes).run()
            #expect(outcome.findings.count == 1 && outcome.findings[0].message.contains("it is damaged"))
            let left = try await scene.entries()
            #expect(left == [])
        }
    }

    @Test(arguments: ["expand", "load", "compare"]) func cancellingLeavesNothing(phase: String) async throws {
        let bytes = try await withRedis { server in
            try await server.fill(keys: 20_000)
            return try await server.copy()
        }
        try await withScratchScene { scene in
            let running = Mutex<Task<RedisProofOutcome, any Error>?>(nil)
            let proof = scene.proof(of: bytes) { event in
                if case .began(phase, _, _) = event { running.withLock { $0?.cancel() } }
            }
            running.withLock { $0 = Task { try await proof.run() } }
            await #expect(throws: CancellationError.self) { try await running.withLock { $0 }?.value }
            let left = try await scene.entries()
            #expect(left == [])
        }
    }

    @Test func aFullDiskIsNoFinding() async throws {
        let bytes = try await withRedis { server in
            try await server.fill(keys: 40_000)
            return try await server.copy()
        }
        try await SmallFilesystem.with(mebibytes: Int(bytes.count >> 20) + 1) { folder in
            let scene = ScratchScene(folder: folder)
            let error = await #expect(throws: ScratchUnavailable.self) { _ = try await scene.proof(of: bytes).run() }
            #expect(error?.kind == .space)
            let left = try await scene.entries()
            #expect(left == [])
        }
    }

    @Test func dataThatNeedsMoreMemoryThanAllowedIsNotLoaded() async throws {
        let bytes = try await withRedis { server in
            try await server.fill(keys: 10)
            return try await server.copy()
        }
        try await withScratchScene { scene in
            let error = await #expect(throws: ScratchUnavailable.self) {
                _ = try await scene.proof(of: bytes, memory: ByteSize(32 << 20)).run()
            }
            #expect(error?.kind == .memory && error?.hint.contains("BACKUP_SCRATCH_MEMORY") == true)
        }
    }
}

/// The files of the reader's tests.
private func corpus() throws -> [FilePath] {
    let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        .appending("RDBFormatTests/Fixtures")
    return try ["librdb", "servers"].flatMap { folder in
        let path = fixtures.appending(folder)
        guard let listing = opendir(path.string) else { throw Errno(rawValue: errno) }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { $0.hasSuffix(".rdb") }.sorted().map { path.appending($0) }
    }
}
