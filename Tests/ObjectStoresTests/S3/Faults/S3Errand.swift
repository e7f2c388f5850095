import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import ObjectStores

/// What a store is asked to do while its server fails.
enum S3Errand: String, Sendable {
    case putSmall, putLarge, read, list, delete, update

    static let prefix = "db/"
    static let small = "20260214T020000Z.json"
    static let large = "call_center-20260214T020000Z.sql.gz"
    static let smallBytes = Array("{\"manifest\": 1}".utf8)
    /// Three parts and a bit.
    static let largeBytes = (0..<3 * S3Errand.partSize + 1000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 251) }
    static let partSize = 32 << 10
    static let strangers = Array("somebody else's".utf8)

    /// What is stored before.
    func prepare(_ server: ScriptedS3) {
        switch self {
        case .putSmall, .putLarge: break
        case .read, .delete: server.store(Self.prefix + Self.large, .init(bytes: Self.largeBytes))
        case .update: server.store(Self.prefix + Self.small, .init(bytes: Self.smallBytes))
        case .list:
            for key in ["a", "b%", "c"] { server.store(Self.prefix + key, .init(bytes: [1, 2])) }
            server.setPageSize(2)
        }
    }

    func run(on store: S3Store) async throws {
        switch self {
        case .putSmall: try await store.put(Self.small, bytes: Self.smallBytes)
        case .putLarge:
            try await store.put(Self.large) { sink in
                for start in stride(from: 0, to: Self.largeBytes.count, by: 10_000) {
                    try await sink.write(Array(Self.largeBytes[start..<min(start + 10_000, Self.largeBytes.count)]))
                }
            }
        case .read:
            let bytes = try await store.open(Self.large).read(at: 20_000, count: 60_000)
            #expect(bytes == Array(Self.largeBytes[20_000..<80_000]))
        case .list: #expect(try await store.list().map(\.key) == ["a", "b%", "c"])
        case .delete: try await store.delete(Self.large)
        case .update: try await store.update(Self.small) { $0 + Array("+".utf8) }
        }
    }

    /// What the server has to hold after success.
    func checkDone(_ server: ScriptedS3) {
        switch self {
        case .putSmall: #expect(server.objects[Self.prefix + Self.small]?.bytes == Self.smallBytes)
        case .putLarge: #expect(server.objects[Self.prefix + Self.large]?.bytes == Self.largeBytes)
        case .delete: #expect(server.objects[Self.prefix + Self.large] == nil)
        case .update: #expect(server.objects[Self.prefix + Self.small]?.bytes == Self.smallBytes + Array("+".utf8))
        case .read, .list: break
        }
        #expect(server.uploads.isEmpty)
    }

    /// And after failure: nothing of ours where nothing was, and what was there as it was.
    func checkUndone(_ server: ScriptedS3) {
        switch self {
        case .putSmall, .putLarge:
            #expect(server.objects.values.allSatisfy { $0.bytes == Self.strangers }, "something of ours was left")
        case .delete: #expect(server.objects[Self.prefix + Self.large]?.bytes == Self.largeBytes)
        case .update: #expect(server.objects[Self.prefix + Self.small]?.bytes == Self.smallBytes)
        case .read, .list: break
        }
        #expect(server.uploads.isEmpty, "an upload was left")
    }
}

/// A store on a scripted server: no wait takes time, small parts, little patience.
func scriptedStore(
    _ url: String, clock: any Clock<Duration> = SteppingClock(), credentials: (any AWSCredentialSource)? = nil,
    change: (inout S3Options) -> Void = { _ in }
) throws -> S3Store {
    var options = S3Options(bucket: "backups", prefix: S3Errand.prefix, region: "eu-west-9", endpoint: url)
    options.partSize = S3Errand.partSize
    options.http.stallLimit = .seconds(30)
    options.retry.attempts = 4
    change(&options)
    let now = Instant(iso8601: "2026-02-14T02:00:00.000Z") ?? Instant(secondsSinceEpoch: 0)
    return try S3Store(options, credentials: credentials ?? ScriptedCredentials(), context: RunContext(now: { now }, clock: clock))
}

/// Credentials that are new each time the old ones were given up.
final class ScriptedCredentials: AWSCredentialSource {
    private let generation = Mutex(1)

    var renewals: Int { generation.withLock { $0 } - 1 }

    func credentials() async throws -> AWSCredentials {
        AWSCredentials(accessKeyID: "AK\(generation.withLock { $0 })", secretAccessKey: Secret("s3cr3t"), source: "the test")
    }

    func invalidate() async { generation.withLock { $0 += 1 } }
}
