import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import Redis

/// Bytes in memory that can be restored from.
struct BytesInMemory: RandomAccessBytes {
    let bytes: [UInt8]

    var byteCount: Int64 { Int64(bytes.count) }

    func read(at offset: Int64, count: Int) -> [UInt8] {
        Array(bytes[Int(offset)..<(Int(offset) + count)])
    }
}

extension RDBFile {
    init(_ bytes: [UInt8], name: String = "redis-test.rdb") {
        self.init(BytesInMemory(bytes: bytes), name: name)
    }
}

/// What a restore told whoever watched, and whether it had a safety backup taken.
final class RestoreScene: Sendable {
    private let state = Mutex<(events: [ProgressEvent], saved: Int)>(([], 0))

    static let id = RecoveryPointID("20260214T020000Z")
    static let saved = "redis-20260214T020000Z.rdb.gz"

    var savedTimes: Int { state.withLock { $0.saved } }
    var warnings: [String] {
        state.withLock { state in
            state.events.compactMap { if case .warning(let text) = $0 { text } else { nil } }
        }
    }

    /// `reached` is called as soon as a phase begins.
    func settings(
        attach: Duration = .seconds(20), stall: Duration = .seconds(20), reached: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> RestoreSettings {
        RestoreSettings(
            connection: ConnectionLimits(connect: .seconds(10), reply: .seconds(20)),
            replication: ReplicationLimits(stall: stall), attach: attach, id: try #require(Self.id),
            now: RunContext.live().now
        ) { event in
            self.state.withLock { $0.events.append(event) }
            if case .began(let phase, _, _) = event { reached(phase) }
        }
    }

    func restore(_ file: RDBFile, by road: RestoreRoad, settings: RestoreSettings? = nil) throws -> RedisRestore {
        RedisRestore(of: file, by: road, settings: try settings ?? self.settings()) {
            self.state.withLock { $0.saved += 1 }
            return Self.saved
        }
    }
}

/// What `body` throws, if that is a `BackupError`.
func complaint(_ body: () async throws -> some Any) async -> BackupError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? BackupError
    }
}

extension RedisServer {
    func target(_ login: String = "") throws -> RedisTarget { try RedisTarget(url: url(login: login)) }

    /// A file of what it holds, as a backup takes it.
    func copy() async throws -> [UInt8] { try await Copy(of: try endpoint(url())).bytes }
}

/// Bytes that count how often all of them were read.
final class CountedBytes: RandomAccessBytes {
    private let bytes: BytesInMemory
    private let taken = Mutex(0)

    init(_ bytes: [UInt8]) { self.bytes = BytesInMemory(bytes: bytes) }

    var byteCount: Int64 { bytes.byteCount }
    /// Rounded: whoever looks what a file is reads its first bytes once more.
    var passes: Int { taken.withLock { Int((Double($0) / Double(bytes.byteCount)).rounded()) } }

    func read(at offset: Int64, count: Int) -> [UInt8] {
        taken.withLock { $0 += count }
        return bytes.read(at: offset, count: count)
    }
}

/// Bytes during whose transfer something happens: when the second reading of them comes to the middle.
final class EventfulBytes: RandomAccessBytes {
    private let bytes: BytesInMemory
    private let event: @Sendable () async throws -> Void
    private let passes = Mutex(0)

    init(_ bytes: [UInt8], _ event: @escaping @Sendable () async throws -> Void) {
        self.bytes = BytesInMemory(bytes: bytes)
        self.event = event
    }

    var byteCount: Int64 { bytes.byteCount }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        if (offset..<(offset + Int64(count))).contains(byteCount / 2),
            passes.withLock({
                $0 += 1; return $0 == 2
            })
        {
            try await event()
        }
        return bytes.read(at: offset, count: count)
    }
}
