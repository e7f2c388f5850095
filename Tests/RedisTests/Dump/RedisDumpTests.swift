import BackupModel
import BackupTestKit
import BytePipeline
import RDBFormat
import Synchronization
import SystemPackage
import Testing

@testable import Redis

/// Keeps a file in memory; may fail once it holds enough.
final class MemorySink: ByteSink {
    private let taken = Mutex<[UInt8]>([])
    private let limit: Int

    init(limit: Int = .max) { self.limit = limit }

    var bytes: [UInt8] { taken.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws {
        let count = taken.withLock { taken in
            taken += bytes
            return taken.count
        }
        if count > limit { throw BackupError(.outOfSpace, "the sink is full") }
    }
}

struct DumpedRedis: Sendable {
    let facts: RedisFacts
    let bytes: [UInt8]
    let events: [ProgressEvent]
    let forked: FullResync?
}

func dump(
    _ url: String, form: RedisDumpRequest.Form = .gzip, sink: MemorySink = MemorySink(),
    limits: ReplicationLimits = ReplicationLimits(stall: .seconds(20))
) async throws -> DumpedRedis {
    let topology = try await TopologySearch(try RedisTarget(url: url))()
    let events = Mutex<[ProgressEvent]>([])
    let forked = Mutex<FullResync?>(nil)
    let request = RedisDumpRequest(topology.sources[0], form: form, limits: limits) { Instant(secondsSinceEpoch: 1_771_000_000) }
    let facts = try await RedisDump(request, progress: { event in events.withLock { $0.append(event) } })
        .write(to: sink) { resync in forked.withLock { $0 = resync } }
    return DumpedRedis(facts: facts, bytes: sink.bytes, events: events.withLock { $0 }, forked: forked.withLock { $0 })
}

@Suite struct RedisDumpTests {
    @Test(arguments: RedisInstallation.Version.allCases)
    func aCopyIsProvedWhileItArrivesAndLoadsAgain(version: RedisInstallation.Version) async throws {
        try await withRedis(version) { server in
            try await server.fill(keys: 30_000)
            try await server.fill(keys: 100, database: 5)
            let zipped = try await dump(server.url())
            let facts = zipped.facts
            #expect(facts.file.bytes > facts.stored.bytes && facts.stored.bytes == Int64(zipped.bytes.count))
            #expect(facts.version?.flavour == (version.isValkey ? .valkey : .redis) && facts.runID?.count == 40)
            #expect(facts.resync == zipped.forked && !facts.isReplica && facts.slots == nil)
            #expect(facts.summary.checksum == .proved && facts.summary.notUnderstood == nil)
            let keys = try await server.cli("INFO", "keyspace")
            for database in facts.summary.content.databases { #expect(keys.contains("db\(database.number):keys=\(database.keys),")) }
            let plain = try await gunzipped(zipped.bytes)
            let again = try await withRedis(RedisBlueprint(version, dump: plain)) { try await dump($0.url(), form: .plain) }
            #expect(again.facts.summary.content == facts.summary.content)
            #expect(again.facts.file == again.facts.stored && Int64(again.bytes.count) == again.facts.file.bytes)
        }
    }

    @Test func progressCountsWhatCameOverTheNetwork() async throws {
        try await withRedis(.redis7, settings: ["repl-diskless-sync no"]) { server in
            try await server.fill(keys: 20_000)
            let dumped = try await dump(server.url())
            var moved: Int64 = 0
            for case .advanced(let bytes, _, _, _) in dumped.events { moved += bytes }
            #expect(moved == dumped.facts.file.bytes)
            #expect(dumped.events.contains(.began(phase: "dump", totalBytes: moved, totalItems: nil)))
            #expect(dumped.events.last == .ended(phase: "dump"))
            #expect(
                dumped.events.contains {
                    if case .warning(let text) = $0 { text.contains("writes each copy to its own disk") } else { false }
                })
        }
    }

    @Test func theWaitForTheForkIsExplained() async throws {
        try await withRedis(.redis7, settings: ["repl-diskless-sync-delay 1", "user mute on >pw ~* +@all -config"]) { server in
            let phase = "wait for Redis to fork: its repl-diskless-sync-delay is 1 s"
            let told = try await dump(server.url())
            #expect(told.events.prefix(2) == [.began(phase: phase, totalBytes: nil, totalItems: nil), .ended(phase: phase)])
            #expect(told.events.filter(RedisDump.concernsFork).count == 2)
            let mute = try await dump(server.url(login: "mute:pw@"))
            #expect(mute.events.filter(RedisDump.concernsFork).isEmpty)
        }
    }

    @Test func aFullSinkEndsItWithItsOwnError() async throws {
        try await withRedis { server in
            try await server.fill(keys: 100_000, valueBytes: 500)
            let error = await #expect(throws: BackupError.self) {
                _ = try await dump(server.url(), form: .plain, sink: MemorySink(limit: 300_000))
            }
            #expect(error?.code == .outOfSpace)
            try await server.wait(for: "connected_slaves:0", in: "replication")
        }
    }

    @Test(arguments: [RedisDumpRequest.Form.gzip, .plain]) func damageOnTheWayIsFound(form: RedisDumpRequest.Form) async throws {
        let good = try await withRedis { server in
            try await server.fill(keys: 2000)
            return try await dump(server.url(), form: .plain).bytes
        }
        let resync = "+FULLRESYNC \(String(repeating: "a", count: 40)) 7\r\n"
        for place in stride(from: 0, to: good.count, by: good.count / 40) + [good.count - 1, good.count - 9] {
            var bad = good
            bad[place] ^= 1
            let error = await failure(sending: resync, bad, form)
            #expect(error?.code == .verificationFailed && error?.message.contains("is no whole RDB file") == true, "byte \(place)")
        }
        for count in [1, 8, 9, 10, good.count / 2, good.count - 1] {
            let error = await failure(sending: resync, Array(good[..<count]), form)
            #expect(error?.code == .verificationFailed, "\(count) bytes")
        }
        #expect(await failure(sending: resync, good, form) == nil)
    }

    private func failure(sending resync: String, _ file: [UInt8], _ form: RedisDumpRequest.Form) async -> BackupError? {
        let acts: [ScriptedRedis.Act] = [.send(resync + "$\(file.count)\r\n"), .send(file)]
        do {
            _ = try await withScriptedRedis(["PSYNC": acts]) { try await dump($0.url, form: form) }
            return nil
        } catch {
            return error as? BackupError
        }
    }

    @Test func whoCannotServeIsNotAsked() async throws {
        try await withRedis(.redis7, settings: ["replicaof 127.0.0.1 \(try FreePort.any())"]) { orphan in
            let error = await #expect(throws: BackupError.self) { _ = try await dump(orphan.url()) }
            #expect(error?.code == .sourceUnreachable && error?.message.contains("nothing was touched") == true)
        }
    }

    @Test func aServerThatIsLoadingIsNotAsked() async throws {
        let settings = ["key-load-delay 100", "loading-process-events-interval-bytes 1024"]
        try await withRedis(.redis7, settings: settings) { server in
            try await server.fill(keys: 10_000)
            async let reloading = server.cli("DEBUG", "RELOAD")
            var error: BackupError?
            while error == nil {
                do { _ = try await dump(server.url()) } catch let caught as BackupError { error = caught }
            }
            #expect(error?.code == .sourceUnreachable && error?.message.contains("is still loading its data") == true)
            _ = try await reloading
        }
    }

    @Test func aSaveOfItsOwnIsAwaited() async throws {
        try await withRedis(.redis7, settings: ["rdb-key-save-delay 30000"]) { server in
            try await server.fill(keys: 100)
            try await server.cli("BGSAVE")
            let dumped = try await dump(server.url())
            #expect(dumped.events.contains { if case .warning(let text) = $0 { text.contains("saving its own snapshot") } else { false } })
            #expect(dumped.facts.summary.content.keys == 150)
        }
    }

    @Test(arguments: [0.1, 0.5, 0.99]) func aBrokenConnectionIsNoCopy(share: Double) async throws {
        try await withRedis { server in
            try await server.fill(keys: 50_000)
            let whole = try await dump(server.url(), form: .plain).bytes.count
            let at = Int(Double(whole) * share)
            // What the topology's search hears is let pass.
            let request = RedisDumpRequest(try await TopologySearch(try RedisTarget(url: server.url()))().sources[0]) {
                Instant(secondsSinceEpoch: 0)
            }
            try await withFaultProxy(to: server.port, .cut(afterBytes: at)) { proxy in
                var request = request
                request.source.endpoint = try endpoint(server.url(port: proxy.port))
                let dump = RedisDump(request, progress: { _ in })
                let error = await #expect(throws: BackupError.self) { _ = try await dump.write(to: MemorySink()) }
                #expect(error?.code == .sourceUnreachable && error?.message.contains("in the middle of the copy") == true)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func cancellingEndsEveryPart() async throws {
        try await withRedis(.redis7, settings: ["rdb-key-save-delay 1000"]) { server in
            try await server.fill(keys: 20_000)
            let dumping = Task { try await dump(server.url()) }
            try await server.wait(for: "connected_slaves:1", in: "replication")
            dumping.cancel()
            await #expect(throws: CancellationError.self) { _ = try await dumping.value }
            try await server.wait(for: "connected_slaves:0", in: "replication")
        }
    }

    @Test func aServerWithoutChecksumsIsCopiedWithARemark() async throws {
        try await withRedis(.redis7, settings: ["rdbchecksum no"]) { server in
            try await server.fill(keys: 10)
            let dumped = try await dump(server.url())
            #expect(dumped.facts.summary.checksum == .disabled)
            #expect(dumped.events.contains { if case .warning(let text) = $0 { text.contains("writes no checksums") } else { false } })
        }
    }
}

/// By the tool an operator would use.
func gunzipped(_ bytes: [UInt8]) async throws -> [UInt8] {
    try await withTemporaryFolder { folder in
        let (zipped, plain) = (folder.appending("dump.rdb.gz"), folder.appending("dump.rdb"))
        let output = try FileDescriptor.open(zipped, .writeOnly, options: .create, permissions: .ownerReadWrite)
        try output.closeAfter { _ = try output.writeAll(bytes) }
        try await Command("gunzip", [zipped.string]).output()
        let input = try FileDescriptor.open(plain, .readOnly)
        return try input.closeAfter {
            let count = Int(try input.seek(offset: 0, from: .end))
            try input.seek(offset: 0, from: .start)
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = try input.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }
}
