import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("An endpoint that is not what its URL says")
struct EndpointTests {
    private func google(_ url: String) throws -> GCSStore {
        GCSStore(
            client: GCSClient(
                location: GCSLocation(bucket: "backups", endpoint: url), credentials: NoGoogleCredentials(),
                transport: try NetworkTransport(HTTPOptions()), retrier: Retrier(RetryPolicy(), clock: SteppingClock()), now: { testTime }),
            options: GCSOptions())
    }

    @Test("Who does not speak TLS is named, with the setting to mend, and no line of a library")
    func withoutTLS() async throws {
        try await PlainPort.with { port in
            let url = "https://127.0.0.1:\(port)"
            let stores: [(any BackupStore, String)] = [
                (try scriptedStore(url), "AWS_ENDPOINT_URL_S3"), (try google(url), "STORAGE_EMULATOR_HOST"),
            ]
            for (store, setting) in stores {
                let error = try await #require(throws: BackupError.self) { try await store.list() }
                #expect(error.code == .storeFailed)
                #expect(error.message.contains("127.0.0.1:\(port) does not speak TLS; the endpoint may be http://"), "\(error)")
                #expect(error.hint?.contains(setting) == true)
                #expect(!"\(error)".contains("SSL") && !"\(error)".contains("checkouts"), "\(error)")
            }
        }
    }

    @Test("A port nobody listens on is named, whatever the store")
    func refused() async throws {
        let url = "http://127.0.0.1:\(try FreePort.any())"
        for store in [try scriptedStore(url), try google(url)] as [any BackupStore] {
            let error = try await #require(throws: BackupError.self) { try await store.list() }
            #expect(error.message.hasSuffix(": \(url) cannot be reached: connection refused"), "\(error)")
            #expect(error.obstacle == .unreachable)
        }
    }
}
