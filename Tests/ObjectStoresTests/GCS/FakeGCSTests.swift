import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("Cloud Storage of another make")
struct FakeGCSTests {
    @Test("It keeps the contract of stores")
    func contract() async throws {
        try await withFakeGCS { server in
            for promise in StoreContract.allCases { try await promise.check(on: try store(at: server, prefix: "\(promise)")) }
        }
    }

    @Test("A stream goes up in pieces, and storage check says what that server lacks")
    func pieces() async throws {
        try await withFakeGCS { server in
            let store = try store(at: server, prefix: "night")
            let bytes = pattern(3 * GCSScene.piece + 17)
            try await store.put("large.sql.gz") { try await $0.write(bytes) }
            #expect(try await store.read("large.sql.gz") == bytes)
            let trials = await StoreTrials(store, context: .live(), largeSize: 2 << 20).run()
            #expect(trials.compactMap(\.failure).isEmpty)
            #expect(trials.filter(\.isLacking).map(\.name) == ["complete", "abort", "versioning", "encryption", "object lock"])
            #expect(try await store.list().map(\.key) == ["large.sql.gz"])
        }
    }

    private func store(at server: FakeGCS, prefix: String) throws -> GCSStore {
        var options = GCSOptions()
        options.pieceSize = GCSScene.piece
        let client = GCSClient(
            location: GCSLocation(bucket: server.bucket, prefix: prefix, endpoint: server.url), credentials: NoGoogleCredentials(),
            transport: try NetworkTransport(HTTPOptions()), retrier: Retrier(RetryPolicy(), clock: ContinuousClock()),
            now: RunContext.live().now)
        return GCSStore(client: client, options: options)
    }
}
