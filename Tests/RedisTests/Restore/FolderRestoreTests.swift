import BackupModel
import BackupTestKit
import DumpFormat
import Glibc
import SystemPackage
import Testing

@testable import Redis

@Suite struct FolderRestoreTests {
    /// A folder with a file of `keys` keys written into it, and a server started on it.
    private func restored(
        _ version: RedisInstallation.Version, settings: [String], log: DataFolder.Log
    ) async throws -> (keys: String, digests: (String, String)) {
        let (bytes, digest) = try await withRedis(version) { source in
            try await source.fill(keys: 400)
            return (try await source.copy(), try await source.cli("DEBUG", "DIGEST"))
        }
        var blueprint = RedisBlueprint(version, settings: settings)
        blueprint.prepare = { folder in
            let road = RestoreRoad.folder(DataFolder(path: folder.string, log: log))
            _ = try await RestoreScene().restore(RDBFile(bytes), by: road).run()
        }
        return try await withRedis(blueprint) { server in
            // What the log says counts after a second start too.
            let before = try await server.cli("DEBUG", "DIGEST")
            if settings.contains("appendonly yes"), log != .none { try await server.cli("DEBUG", "LOADAOF") }
            return (try await server.cli("DBSIZE"), (digest, before == digest ? try await server.cli("DEBUG", "DIGEST") : before))
        }
    }

    @Test(arguments: RedisInstallation.Version.allCases)
    func aServerWithoutALogLoadsTheFile(version: RedisInstallation.Version) async throws {
        let found = try await restored(version, settings: [], log: .asFound)
        #expect(found.digests.0 == found.digests.1)
    }

    @Test(arguments: RedisInstallation.Version.allCases)
    func aServerWithALogLoadsTheLogThatWasWritten(version: RedisInstallation.Version) async throws {
        let log: DataFolder.Log = version == .redis6 ? .file : .folder
        let found = try await restored(version, settings: ["appendonly yes"], log: log)
        #expect(found.digests.0 == found.digests.1)
    }

    /// The trap: it is why a log is written at all.
    @Test(arguments: RedisInstallation.Version.allCases)
    func aServerWithALogAndNoneThereStartsEmpty(version: RedisInstallation.Version) async throws {
        let found = try await restored(version, settings: ["appendonly yes"], log: .none)
        #expect(found.keys == "0")
    }

    /// What lies there is moved aside, and the log is replaced by one of the same form.
    @Test func whatWasThereIsKeptBesideIt() async throws {
        let bytes = try await withRedis { source in
            try await source.fill(keys: 50)
            return try await source.copy()
        }
        try await withTemporaryFolder { folder in
            try await Command("bash", ["-c", "cd \(folder); echo old >dump.rdb; mkdir appendonlydir; echo old >appendonlydir/x"]).output()
            let scene = RestoreScene()
            let restored = try await scene.restore(RDBFile(bytes), by: .folder(DataFolder(path: folder.string))).run()
            #expect(scene.savedTimes == 0)
            #expect(restored.safetyBackup == "appendonlydir.before-20260214T020000Z, dump.rdb.before-20260214T020000Z")
            let listing = try await Command(
                "bash", ["-c", "cd \(folder); find . -type f | sort; cat dump.rdb.before-* appendonlydir.before-*/x"]
            )
            .output()
            #expect(
                listing == """
                    ./appendonlydir.before-20260214T020000Z/x
                    ./appendonlydir/appendonly.aof.1.base.rdb
                    ./appendonlydir/appendonly.aof.manifest
                    ./dump.rdb
                    ./dump.rdb.before-20260214T020000Z
                    old
                    old

                    """)
            let again = await complaint { try await scene.restore(RDBFile(bytes), by: .folder(DataFolder(path: folder.string))).run() }
            #expect(again?.code == .targetExists)
        }
    }

    @Test func aConfirmedPlanIsNotMadeFromTheFileAgain() async throws {
        let bytes = try await withRedis { source in
            try await source.fill(keys: 500)
            return try await source.copy()
        }
        try await withTemporaryFolder { folder in
            let counted = CountedBytes(bytes)
            let file = RDBFile(counted, name: "redis-test.rdb")
            let restore = try RestoreScene().restore(file, by: .folder(DataFolder(path: folder.string)))
            let plan = try await restore.plan()
            #expect(counted.passes == 1)
            let restored = try await restore.run(confirmed: plan)
            #expect(counted.passes == 2 && restored.keys == plan.keys)
            #expect(try content(of: folder.appending("dump.rdb")) == bytes)
        }
    }

    @Test func theFileBelongsToWhomTheFolderBelongs() async throws {
        if geteuid() != 0 { try Test.cancel("only root can give files away") }
        let bytes = try await withRedis { try await $0.copy() }
        try await withTemporaryFolder { folder in
            try await Command("bash", ["-c", "chown 4321:1234 \(folder) && chmod 750 \(folder)"]).output()
            let place = DataFolder(path: folder.string, log: .folder)
            _ = try await RestoreScene().restore(RDBFile(bytes), by: .folder(place)).run()
            let owners = try await Command(
                "bash", ["-c", "cd \(folder); stat -c '%n %u:%g %a' dump.rdb appendonlydir appendonlydir/*.manifest"]
            ).output()
            #expect(
                owners == """
                    dump.rdb 4321:1234 640
                    appendonlydir 4321:1234 750
                    appendonlydir/appendonly.aof.manifest 4321:1234 640

                    """)
        }
    }

    @Test(arguments: [RedisInstallation.Version.redis7, .valkey9])
    func aFolderThatAServerWorksInIsRefused(version: RedisInstallation.Version) async throws {
        try await withRedis(version) { server in
            let file = RDBFile(try await server.copy())
            let error = await complaint {
                try await RestoreScene().restore(file, by: .folder(DataFolder(path: server.folder.string))).run()
            }
            #expect(error?.message.contains("works in \(server.folder)") == true)
        }
    }

    @Test func noFolderNoPermissionAndNoRightVersionAreSaid() async throws {
        let bytes = try await withRedis(.redis74) { try await $0.copy() }
        let file = RDBFile(bytes)
        let missing = await complaint { try await RestoreScene().restore(file, by: .folder(DataFolder(path: "/nowhere"))).run() }
        #expect(missing?.code == .invalidUsage && missing?.message.contains("/nowhere") == true)
        try await withTemporaryFolder { folder in
            let place = DataFolder(path: folder.string, version: RedisVersion(flavour: .valkey, text: "9.1.0"))
            let error = await complaint { try await RestoreScene().restore(file, by: .folder(place)).run() }
            #expect(error?.code == .versionMismatch && error?.message.contains("REDIS 12") == true)
        }
    }

    /// Started while the new file was being written.
    @Test func aServerThatAppearsMeanwhileIsSeenBeforeTheSwap() async throws {
        let bytes = try await withRedis { source in
            try await source.fill(keys: 5_000)
            return try await source.copy()
        }
        try await withTemporaryFolder { folder in
            // A program of that name that works in the folder, until its input ends.
            let start =
                "cd '\(folder)' && cp \"$(command -v sleep)\" redis-server && { ./redis-server 300 </dev/null >/dev/null 2>&1 & echo $! >pid; }"
            let file = RDBFile(EventfulBytes(bytes) { try await Command("bash", ["-c", start]).output() }, name: "redis-test.rdb")
            let error = await complaint { try await RestoreScene().restore(file, by: .folder(DataFolder(path: folder.string))).run() }
            #expect(error?.message.contains("works in \(folder)") == true && error?.message.hasPrefix("nothing was touched") == true)
            let left = try await Command("bash", ["-c", "cd '\(folder)' && kill \"$(cat pid)\" && ls -A"]).output()
            #expect(left == "pid\nredis-server\n")
        }
    }

    @Test func whatKilledRestoresLeftIsRemovedAndWhatOthersWriteIsNot() async throws {
        let bytes = try await withRedis { try await $0.copy() }
        try await withTemporaryFolder { folder in
            let place = DataFolder(path: folder.string)
            let another = try FolderFile(creating: place.file(".dump.rdb.restoring-20260213T000000Z"), like: place.path)
            defer { another.abandon() }
            try await Command("bash", ["-c", "cd '\(folder)' && echo x >.dump.rdb.restoring-20260212T000000Z"]).output()
            let scene = RestoreScene()
            _ = try await scene.restore(RDBFile(bytes), by: .folder(place)).run()
            #expect(scene.warnings.contains { $0.contains(".dump.rdb.restoring-20260212T000000Z") })
            let left = try await Command("ls", ["-A", folder.string]).output()
            #expect(left == ".dump.rdb.restoring-20260213T000000Z\ndump.rdb\n")
        }
    }

    /// No lock-in: nothing of ours is needed.
    @Test(arguments: RedisInstallation.Version.allCases)
    func zcatAndAPlainServerDo(version: RedisInstallation.Version) async throws {
        try await withRedis(version) { source in
            try await source.fill(keys: 300)
            let bytes = try await source.copy()
            let digest = try await source.cli("DEBUG", "DIGEST")
            var blueprint = RedisBlueprint(version)
            blueprint.prepare = { folder in
                let file = try FileDescriptor.open(
                    folder.appending("redis.rdb"), .writeOnly, options: .create, permissions: .ownerReadWrite)
                try file.closeAfter { _ = try file.writeAll(bytes) }
                try await Command("bash", ["-c", "cd \(folder) && gzip redis.rdb && zcat redis.rdb.gz >dump.rdb"]).output()
            }
            let found = try await withRedis(blueprint) { try await $0.cli("DEBUG", "DIGEST") }
            #expect(found == digest)
        }
    }

    @Test func compressedFilesAreExpanded() async throws {
        try await withRedis { source in
            try await source.fill(keys: 2_000)
            let bytes = try await source.copy()
            for program in ["gzip", "zstd"] {
                let compressed = try await withTemporaryFolder { folder in
                    let plain = folder.appending("x")
                    let file = try FileDescriptor.open(plain, .writeOnly, options: .create, permissions: .ownerReadWrite)
                    try file.closeAfter { _ = try file.writeAll(bytes) }
                    try await Command("bash", ["-c", "\(program) -c \(plain) >\(plain).z"]).output()
                    return try content(of: folder.appending("x.z"))
                }
                try await withTemporaryFolder { folder in
                    let scene = RestoreScene()
                    _ = try await scene.restore(RDBFile(compressed), by: .folder(DataFolder(path: folder.string))).run()
                    #expect(try content(of: folder.appending("dump.rdb")) == bytes)
                    let cut = await complaint {
                        try await scene.restore(RDBFile(Array(compressed.dropLast(20))), by: .folder(DataFolder(path: folder.string))).run()
                    }
                    #expect(cut?.code == .verificationFailed)
                }
            }
        }
    }
}

func content(of path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter {
        var bytes = [UInt8](repeating: 0, count: Int(try file.seek(offset: 0, from: .end)))
        _ = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        return bytes
    }
}
