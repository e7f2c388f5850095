import BackupCatalog
import BackupModel
import BackupTestKit
import BytePipeline
import ObjectStores
import Postgres
import Redis
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A copy of a Redis that has not changed")
struct RedisTakeOverTests {
    /// One Redis, and two stores that its backups go to.
    private struct Scene {
        let server: RedisServer
        let folder: FilePath
        var recipients: [AgeRecipient] = []
        var rereadAfter: Duration? = .seconds(7 * 86_400)
        /// Beside it.
        var databases: [String] = []
        /// Where earlier copies are lent from; nil: the stores.
        var lenders: [any BackupStore]?
        var clock: any Clock<Duration> = AlarmClock()

        var stores: [LocalStore] { ["one", "two"].map { LocalStore(root: folder.appending($0).string) } }

        struct Taken {
            var artifact: Artifact
            var copy: RedisCopy
            var remarks: [String]
            var manifest: Manifest

            var isTakenOver: Bool { (artifact.origins?.reusedBytes ?? 0) > 0 }
        }

        /// Takes a backup on a day of February and publishes it, read and found whole unless `isProved` is false.
        func take(
            _ day: Int, isAudit: Bool = false, isProved: Bool = true, change: (inout Manifest) -> Void = { _ in }
        ) async throws -> Taken {
            let id = try #require(RecoveryPointID("202602\(day < 10 ? "0" : "")\(day)T020000Z"))
            let begin = try #require(id.instant)
            let remarks = Mutex<[String]>([])
            let outcome = try await save(id, begin, isAudit) { event in
                if case .note(let text) = event { remarks.withLock { $0.append(text) } }
                if case .warning(let text) = event { remarks.withLock { $0.append(text) } }
            }
            let artifact = try #require(outcome.artifacts.first, "\(outcome.failures)")
            let verdict = Verification(
                artifact: artifact.key, level: .content, at: begin + .seconds(9), seconds: 1, passed: true, reasons: [])
            var manifest = Manifest(
                id: id, startedAt: begin, finishedAt: begin, artifacts: outcome.artifacts, redis: outcome.redis,
                stores: stores.map { StoreCopy(store: $0.name, storedAt: begin) }, verifications: isProved ? [verdict] : [])
            change(&manifest)
            for store in stores { try await Catalog(store: store).publish(manifest) }
            return Taken(
                artifact: artifact, copy: try #require(outcome.redis.first), remarks: remarks.withLock { $0 }, manifest: manifest)
        }

        private func save(
            _ id: RecoveryPointID, _ begin: Instant, _ isAudit: Bool, _ progress: @escaping ProgressSink
        ) async throws -> SourceOutcome {
            let settings = RedisSettings(target: try RedisTarget(url: server.url()), replicas: [], prefersReplicas: false)
            var request = BackupRequest(server: ConnectionTarget(), databases: databases, redis: settings, jobs: 1)
            (request.recipients, request.rereadAfter) = (recipients, rereadAfter)
            let context = RunContext(now: { begin }, clock: clock)
            let writer = ArtifactWriter(
                Tee(stores: stores), id: id, journal: RunJournal(folder: folder.appending("state").string), recipients: recipients,
                rateLimit: nil, clock: ContinuousClock())
            let meeting = InstantMeeting()
            meeting.postgresIsDone()
            var redis = RedisBackup(
                request: request, context: context, progress: progress, catalogs: Catalogs((lenders ?? stores).map { Catalog(store: $0) }))
            redis.isAudit = { isAudit }
            return try await redis.save(id, to: writer, meeting)
        }

        func bytes(_ artifact: Artifact) async throws -> [[UInt8]] {
            var files: [[UInt8]] = []
            for store in stores { files.append(try await store.read(artifact.key)) }
            return files
        }
    }

    private func withScene(_ body: (Scene) async throws -> Void) async throws {
        try await withRedis(.redis7) { server in
            try await server.cli(input: "SET a 1\nSET b 2 EX 100000\nHSET c d e")
            try await withTemporaryFolder { folder in
                try await body(Scene(server: server, folder: folder))
            }
        }
    }

    @Test("is taken over, in every store the same bytes, again and again")
    func takenOver() async throws {
        try await withScene { scene in
            let first = try await scene.take(1)
            #expect(!first.isTakenOver && first.artifact.origins?.readBytes == first.artifact.bytes && first.copy.ground != nil)
            for day in 2...3 {
                let next = try await scene.take(day)
                #expect(next.isTakenOver, "\(next.remarks)")
                #expect(next.artifact.key != first.artifact.key && next.artifact.sha256 == first.artifact.sha256)
                #expect(next.artifact.keys == 3 && next.artifact.bytes == first.artifact.bytes)
                #expect(next.artifact.origins?.source?.hasSuffix("redis-2026020\(day - 1)T020000Z.rdb.gz") == true)
                #expect(next.copy.ground == first.copy.ground && next.copy.databases == first.copy.databases)
                #expect(next.copy.artifact == next.artifact.key && next.copy.takenAt == next.manifest.startedAt)
                #expect(next.copy.offset >= first.copy.offset)
                #expect(next.remarks.contains { $0.contains("has not changed: ") && $0.contains("were taken over from") })
                let files = try await scene.bytes(first.artifact) + scene.bytes(next.artifact)
                #expect(Set(files).count == 1)
            }
        }
    }

    @Test("is read where something was written, or nothing is to be taken over, and says why")
    func changed() async throws {
        try await withScene { scene in
            _ = try await scene.take(1)
            try await scene.server.cli("SET", "a", "2")
            let second = try await scene.take(2)
            #expect(!second.isTakenOver && second.remarks.contains { $0.contains("is read: it was written to") }, "\(second.remarks)")
            var scene = scene
            scene.rereadAfter = nil
            let full = try await scene.take(3)
            scene.rereadAfter = .seconds(86_400)
            let dayAfter = try await scene.take(4)
            #expect(!full.isTakenOver && !dayAfter.isTakenOver)
            scene.rereadAfter = .seconds(2 * 86_400)
            let third = try await scene.take(5)
            // It is two days since it was read, if only one since the last backup.
            let fourth = try await scene.take(6)
            #expect(third.isTakenOver && !fourth.isTakenOver)
        }
    }

    @Test("is read where the one before was not read and found whole, or is doubted")
    func unproved() async throws {
        try await withScene { scene in
            _ = try await scene.take(1, isProved: false)
            let afterUnproved = try await scene.take(2) { $0.suspicion = Suspicion(reasons: ["shrunk"]) }
            let afterDoubted = try await scene.take(3)
            let afterProved = try await scene.take(4)
            #expect(!afterUnproved.isTakenOver && !afterDoubted.isTakenOver && afterProved.isTakenOver)
        }
    }

    @Test("is read at random all the same, and is what was recorded")
    func audit() async throws {
        try await withScene { scene in
            _ = try await scene.take(1)
            let second = try await scene.take(2, isAudit: true)
            #expect(!second.isTakenOver && second.artifact.origins?.difference == nil)
            #expect(second.artifact.origins?.reason?.hasSuffix("it agreed with the backup before") == true)
            #expect(second.remarks.contains { $0.contains("was read all the same: it agrees with redis-20260201T020000Z.rdb.gz") })
            let third = try await scene.take(3)
            #expect(third.isTakenOver && third.artifact.origins?.reason == nil)
        }
    }

    @Test("and where it is not what was recorded that is told with the evidence, and nothing is taken over before somebody accepts it")
    func difference() async throws {
        try await withScene { scene in
            _ = try await scene.take(1) { $0.redis[0].databases[0].digest = String(repeating: "0", count: 32) }
            let audited = try await scene.take(2, isAudit: true) {
                $0.suspicion = Suspicion(reasons: $0.artifacts.compactMap { $0.origins?.difference })
            }
            let difference = try #require(audited.artifact.origins?.difference)
            #expect(difference.hasPrefix("database 0 of Redis was taken for unchanged and is not: 3 keys, 1 with an expiry, digest 0000"))
            #expect(audited.remarks.contains(difference) && !audited.isTakenOver && audited.artifact.origins?.reason == nil)
            #expect(try await scene.take(3).isTakenOver == false)
            for store in scene.stores {
                try await Catalog(store: store).accept(audited.manifest.id, .init(at: audited.manifest.startedAt))
            }
            #expect(try await scene.take(4).isTakenOver)
        }
    }

    @Test("no difference is what was written since, before the copy that was read")
    func writtenBeforeAudit() async throws {
        try await withScene { scene in
            _ = try await scene.take(1)
            try await scene.server.cli("SET", "more", "1")
            let audited = try await scene.take(2, isAudit: true)
            #expect(audited.artifact.origins?.difference == nil && audited.artifact.keys == 4)
        }
    }

    @Test("is taken over from another store where the file of one is damaged, and read where that of all is")
    func damaged() async throws {
        try await withScene { scene in
            let first = try await scene.take(1)
            try await damage(first.artifact, in: scene.stores[0])
            let second = try await scene.take(2)
            #expect(second.isTakenOver && second.artifact.sha256 == first.artifact.sha256)
            #expect(second.remarks.contains { $0.contains("cannot be taken over from \(scene.stores[0].name): it is not what was stored") })
            for store in scene.stores { try await damage(second.artifact, in: store) }
            var scene = scene
            scene.databases = ["call_center"]
            let third = try await scene.take(3)
            #expect(!third.isTakenOver && third.artifact.keys == 3)
            #expect(third.remarks.contains { $0.contains(" was read 0 s after PostgreSQL's snapshot: ") }, "\(third.remarks)")
            let names = try await scene.stores[0].list().map(\.key)
            #expect(names.filter { $0.hasSuffix(".rdb.gz") }.count == 3)
        }
    }

    /// Before PostgreSQL is told to go on.
    @Test("is taken over from another store where the file of one has another length, and then read at the instant PostgreSQL is saved at")
    func shortened() async throws {
        try await withScene { scene in
            var scene = scene
            scene.databases = ["call_center"]
            let first = try await scene.take(1)
            let short = scene.stores.map { ShorteningStore(inner: $0, files: ".rdb.gz") }
            scene.lenders = [short[0], scene.stores[1]]
            let second = try await scene.take(2)
            #expect(second.isTakenOver && second.artifact.sha256 == first.artifact.sha256)
            let words = "cannot be taken over from \(scene.stores[0].name): it holds 3 bytes, "
            #expect(second.remarks.contains { $0.contains(words) }, "\(second.remarks)")
            scene.lenders = short
            let third = try await scene.take(3)
            #expect(!third.isTakenOver && third.artifact.keys == 3)
            #expect(!third.remarks.contains { $0.contains("after PostgreSQL's snapshot") }, "\(third.remarks)")
        }
    }

    @Test("is read where the store that has the one before hangs")
    func hanging() async throws {
        try await withScene { scene in
            var scene = scene
            let first = try await scene.take(1)
            scene.lenders = [HangingStore(scene.stores[0], files: ".rdb.gz")]
            scene.clock = SteppingClock()
            let second = try await scene.take(2)
            #expect(!second.isTakenOver && second.artifact.keys == 3)
            let words = "cannot be taken over from \(scene.stores[0].name): \(scene.stores[0].name) was silent for "
            #expect(second.remarks.contains { $0.contains("\(first.artifact.key) \(words)") }, "\(second.remarks)")
        }
    }

    @Test("is told from one that was read by the counts only where the server has not saved in between")
    func expected() async throws {
        try await withScene { scene in
            let copy = try await scene.take(1).copy
            let before = try #require(copy.ground)
            #expect(before.countsTell)
            #expect(copy.expected(before, before) == copy)
            let changes: [(inout RedisGround) -> Void] = [{ $0.changes += 1 }, { $0.savedAt += 1 }, { $0.countsTell = false }]
            for change in changes {
                var after = before
                change(&after)
                #expect(copy.expected(before, after).ground?.countsTell == false)
            }
            var silent = before
            silent.countsTell = false
            #expect(copy.expected(silent, before).ground?.countsTell == false)
        }
    }

    /// The same size, and one byte another.
    private func damage(_ artifact: Artifact, in store: LocalStore) async throws {
        let path = FilePath(store.root).appending(artifact.key)
        let file = try FileDescriptor.open(path, .writeOnly)
        try file.closeAfter { _ = try file.writeAll(toAbsoluteOffset: artifact.bytes / 2, [0xFF, 0x00, 0xFF]) }
    }

    @Test("is taken over encrypted as it is, by who cannot open it, as long as it is for the same people")
    func encrypted() async throws {
        try await withScene { scene in
            var scene = scene
            scene.recipients = [AgeIdentity().recipient, AgeIdentity().recipient]
            let first = try await scene.take(1)
            scene.recipients.reverse()
            let second = try await scene.take(2)
            #expect(second.isTakenOver && second.artifact.key.hasSuffix(".rdb.gz.age") && second.artifact.sha256 == first.artifact.sha256)
            #expect(Set(second.artifact.encryption?.recipients ?? []) == Set(first.artifact.encryption?.recipients ?? []))
            scene.recipients = [AgeIdentity().recipient]
            let third = try await scene.take(3)
            #expect(!third.isTakenOver && third.artifact.encryption?.recipients.count == 1)
        }
    }
}
