import BackupModel
import BackupTestKit
import BytePipeline

@testable import ObjectStores

/// A store of ours at a scripted Cloud Storage. Its waits take no time, and its pieces are small: two of the units the protocol counts in.
struct GCSScene {
    static let piece = 512 << 10

    let server: ScriptedGCS
    let store: GCSStore
    /// Of the waits between attempts.
    let clock = SteppingClock()

    init(
        _ server: ScriptedGCS, prefix: String = "", kmsKey: String? = nil, credentials: (any GoogleCredentialSource)? = nil,
        stallLimit: Duration = .seconds(20)
    ) throws {
        self.server = server
        var http = HTTPOptions()
        http.stallLimit = stallLimit
        var options = GCSOptions(kmsKey: kmsKey)
        options.pieceSize = Self.piece
        let client = GCSClient(
            location: GCSLocation(bucket: server.bucket, prefix: prefix, endpoint: server.url),
            credentials: credentials ?? NoGoogleCredentials(), transport: try NetworkTransport(http),
            retrier: Retrier(RetryPolicy(), clock: clock), now: { testTime })
        store = GCSStore(client: client, options: options)
    }

    /// Runs `body` with a fresh server and a store at it.
    static func with<Value: Sendable>(
        _ server: ScriptedGCS = ScriptedGCS(), prefix: String = "", _ body: (GCSScene) async throws -> Value
    ) async throws -> Value {
        try await server.serving { try await body(try GCSScene(server, prefix: prefix)) }
    }
}

/// Bytes that repeat late enough for a shift to be seen.
func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) } }
