import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import Redis

@Suite struct WholeRestoreTests {
    @Test(arguments: RedisInstallation.Version.allCases)
    func fillsARunningServerAndMakesItAPrimaryAgain(version: RedisInstallation.Version) async throws {
        try await withRedis(version) { source in
            try await source.fill(keys: 3_000)
            try await source.fill(keys: 100, database: 9)
            try await source.cli("SET", "over soon", "x", "PX", "1")
            let file = RDBFile(try await source.copy())
            try await withRedis(version) { target in
                try await target.cli("SET", "old", "gone after the restore")
                let scene = RestoreScene()
                let restored = try await scene.restore(file, by: .whole(target.target())).run()
                for server in [source, target] { #expect(try await server.cli("EXISTS", "over soon") == "0") }
                #expect(restored.isReadBack && restored.safetyBackup == RestoreScene.saved && scene.savedTimes == 1)
                #expect(try await target.cli("DEBUG", "DIGEST") == source.cli("DEBUG", "DIGEST"))
                try await expectReleased(target)
                try await target.cli("SET", "new", "writes are taken")
            }
        }
    }

    @Test func aServerWithALogHasTheDataAfterARestart() async throws {
        try await withRedis { source in
            try await source.fill(keys: 500)
            let file = RDBFile(try await source.copy())
            try await withRedis(.redis7, settings: ["appendonly yes"]) { target in
                _ = try await RestoreScene().restore(file, by: .whole(target.target())).run()
                try await target.wait(for: "aof_rewrite_in_progress:0", in: "persistence")
                try await target.cli("DEBUG", "LOADAOF")
                #expect(try await target.cli("DEBUG", "DIGEST") == source.cli("DEBUG", "DIGEST"))
            }
        }
    }

    @Test func takesAPasswordOfItsOwnAndPutsTheFormerOneBack() async throws {
        try await withRedis { source in
            try await source.fill(keys: 100)
            let file = RDBFile(try await source.copy())
            let settings = ["masterauth formerly", "masteruser someone", "user restorer on >secret ~* &* +@all"]
            try await withRedis(.redis7, settings: settings) { target in
                _ = try await RestoreScene().restore(file, by: .whole(target.target("restorer:secret@"))).run()
                #expect(try await target.cli("DBSIZE") == source.cli("DBSIZE"))
                #expect(try await target.cli("CONFIG", "GET", "masterauth") == "masterauth\nformerly")
                #expect(try await target.cli("CONFIG", "GET", "masteruser") == "masteruser\nsomeone")
            }
        }
    }

    @Test func replicasOfTheTargetFollow() async throws {
        try await withRedis { source in
            try await source.fill(keys: 300)
            let file = RDBFile(try await source.copy())
            try await withRedis { target in
                try await withReplica(of: target) { replica in
                    let scene = RestoreScene()
                    _ = try await scene.restore(file, by: .whole(target.target())).run()
                    #expect(scene.warnings.contains { $0.contains("the replica of") })
                    try await target.cli("SET", "after", "the restore")
                    while try await replica.cli("EXISTS", "after") != "1" {}
                    #expect(try await replica.cli("DEBUG", "DIGEST") == target.cli("DEBUG", "DIGEST"))
                }
            }
        }
    }
}

/// Faults: whatever happens, the server is told to be a primary, and the message names the safety backup.
@Suite struct WholeRestoreFaultTests {
    private func file(keys: Int = 200_000) async throws -> RDBFile {
        try await withRedis { source in
            try await source.fill(keys: keys)
            return RDBFile(try await source.copy())
        }
    }

    @Test func aServerThatMayNotBecomeAReplicaIsRefusedBeforeAnythingIsTouched() async throws {
        let file = try await file(keys: 10)
        try await withRedis(.redis7, settings: ["user limited on >secret ~* &* +@all -replicaof"]) { target in
            let scene = RestoreScene()
            let error = await complaint { try await scene.restore(file, by: .whole(target.target("limited:secret@"))).run() }
            #expect(error?.code == .permissionDenied && error?.message.hasPrefix("nothing was touched") == true)
            #expect(error?.hint?.contains("+replicaof") == true)
            #expect(scene.savedTimes == 0)
        }
    }

    /// Redis 6.2 cannot be asked beforehand.
    @Test func aServerThatRefusesReplicaofStaysAsItIs() async throws {
        let file = try await withRedis(.redis6) { source in
            try await source.fill(keys: 10)
            return RDBFile(try await source.copy())
        }
        try await withRedis(.redis6, settings: ["user limited on >secret ~* &* +@all -replicaof"]) { target in
            try await target.cli("SET", "old", "kept")
            let error = await complaint { try await RestoreScene().restore(file, by: .whole(target.target("limited:secret@"))).run() }
            #expect(error?.code == .permissionDenied && error?.hint?.contains(RestoreScene.saved) == true)
            #expect(try await target.cli("GET", "old") == "kept")
            try await expectReleased(target)
        }
    }

    @Test func aWrongPasswordIsSaid() async throws {
        let file = try await file(keys: 10)
        try await withRedis(.redis7, settings: ["requirepass right"]) { target in
            let scene = RestoreScene()
            let error = await complaint { try await scene.restore(file, by: .whole(target.target(":wrong@"))).run() }
            #expect(error?.code == .authenticationFailed && scene.savedTimes == 0)
        }
    }

    @Test func aServerThatDiesInTheMiddleIsSaidToBeOutOfReach() async throws {
        let file = try await file()
        try await withRedis { target in
            let scene = RestoreScene()
            let killer = Mutex<Task<Void, any Error>?>(nil)
            let settings = try scene.settings { phase in
                if phase == "transfer" { killer.withLock { $0 = Task { try await target.crash() } } }
            }
            let error = await complaint { try await scene.restore(file, by: .whole(target.target()), settings: settings).run() }
            try await killer.withLock { $0 }?.value
            #expect(error?.message.contains("could not be made a primary again") == true)
            #expect(error?.hint?.contains(RestoreScene.saved) == true && error?.hint?.contains("REPLICAOF NO ONE") == true)
        }
    }

    @Test func cancellationLeavesAPrimary() async throws {
        let file = try await file()
        try await withRedis { target in
            let scene = RestoreScene()
            let running = Mutex<Task<RestoredRedis, any Error>?>(nil)
            let settings = try scene.settings { phase in
                if phase == "transfer" { running.withLock { $0?.cancel() } }
            }
            let restore = try scene.restore(file, by: .whole(target.target()), settings: settings)
            running.withLock { $0 = Task { try await restore.run() } }
            await #expect(throws: CancellationError.self) { try await running.withLock { $0 }?.value }
            try await expectReleased(target)
            #expect(scene.warnings.contains { $0.contains(RestoreScene.saved) })
        }
    }

    /// The file has not arrived whole then, so the server has thrown nothing away yet.
    @Test(arguments: RedisInstallation.Version.allCases)
    func aTransferThatSomebodyInterruptsLeavesTheData(version: RedisInstallation.Version) async throws {
        try await withRedis(version) { target in
            try await target.fill(keys: 20_000)
            let bytes = try await target.copy()
            try await target.cli("SET", "old", "kept")
            let file = RDBFile(EventfulBytes(bytes) { try await target.cli("REPLICAOF", "NO", "ONE") }, name: "redis-test.rdb")
            let error = await complaint { try await RestoreScene().restore(file, by: .whole(target.target())).run() }
            #expect(error?.message.contains("went away in the middle of the transfer") == true)
            #expect(error?.hint?.contains(RestoreScene.saved) == true)
            #expect(try await target.cli("GET", "old") == "kept")
            try await expectReleased(target)
        }
    }

    @Test func aFileThatCannotBeReadToItsEndLeavesTheData() async throws {
        try await withRedis { target in
            try await target.fill(keys: 20_000)
            let bytes = try await target.copy()
            try await target.cli("SET", "old", "kept")
            let lost = BackupError(.storeFailed, "the disk went away")
            let file = RDBFile(EventfulBytes(bytes) { throw lost }, name: "redis-test.rdb")
            let error = await complaint { try await RestoreScene().restore(file, by: .whole(target.target())).run() }
            #expect(error?.code == .storeFailed && error?.hint?.contains(RestoreScene.saved) == true)
            #expect(try await target.cli("GET", "old") == "kept")
            try await expectReleased(target)
        }
    }

    /// Nobody fetches anything: the target is told an address nobody listens on.
    @Test func aServerThatCannotReachUsIsReleased() async throws {
        let file = try await file(keys: 10)
        try await withRedis { target in
            try await target.cli("SET", "old", "kept")
            let scene = RestoreScene()
            var settings = try scene.settings(attach: .milliseconds(1500))
            settings.host = "192.0.2.1"
            let error = await complaint { try await scene.restore(file, by: .whole(target.target()), settings: settings).run() }
            #expect(error?.code == .stalled && error?.message.contains("did not come to fetch") == true)
            #expect(try await target.cli("GET", "old") == "kept")
            try await expectReleased(target)
        }
    }

    @Test func aDamagedFileIsFoundBeforeAnythingIsTouched() async throws {
        try await withRedis { target in
            try await target.fill(keys: 50)
            var bytes = try await target.copy()
            bytes[bytes.count / 2] ^= 0x10
            let scene = RestoreScene()
            let error = await complaint { try await scene.restore(RDBFile(bytes), by: .whole(target.target())).run() }
            #expect(error?.code == .verificationFailed && scene.savedTimes == 0)
        }
    }

    @Test(arguments: [
        (RedisInstallation.Version.redis74, RedisInstallation.Version.valkey9), (.redis74, .valkey8), (.redis74, .redis7),
        (.redis7, .redis6),
        (.valkey9, .valkey8), (.valkey9, .redis74),
    ])
    func aFileTooNewForTheServerIsRefused(from: RedisInstallation.Version, to: RedisInstallation.Version) async throws {
        let bytes = try await withRedis(from) { source in
            try await source.fill(keys: 10)
            try await source.cli("SAVE")
            return try content(of: source.dumpFile)
        }
        try await withRedis(to) { target in
            try await target.cli("SET", "old", "kept")
            let scene = RestoreScene()
            let error = await complaint { try await scene.restore(RDBFile(bytes), by: .whole(target.target())).run() }
            #expect(error?.code == .versionMismatch && scene.savedTimes == 0)
            #expect(try await target.cli("GET", "old") == "kept")
        }
    }

    @Test func mastersOfAClusterAreRefused() async throws {
        let file = try await file(keys: 10)
        try await withCluster { cluster in
            let scene = RestoreScene()
            let error = await complaint { try await scene.restore(file, by: .whole(RedisTarget(url: cluster.url))).run() }
            #expect(error?.message.contains("cluster") == true && scene.savedTimes == 0)
        }
    }

    @Test func aServerThatSentinelsWatchIsRefused() async throws {
        let file = try await file(keys: 10)
        try await withRedis { target in
            try await withSentinel(of: target) { _ in
                while try await !target.cli("PUBSUB", "NUMSUB", "__sentinel__:hello").hasSuffix("1") {}
                let scene = RestoreScene()
                let error = await complaint { try await scene.restore(file, by: .whole(target.target())).run() }
                #expect(error?.message.contains("Sentinels") == true && scene.savedTimes == 0)
            }
        }
    }
}

/// A primary, and none of our settings left.
private func expectReleased(_ server: RedisServer) async throws {
    #expect(try await server.cli("ROLE").hasPrefix("master"))
    #expect(try await server.cli("CONFIG", "GET", "masterauth") == "masterauth\n")
    #expect(try await server.cli("CONFIG", "GET", "masteruser") == "masteruser\n")
}
