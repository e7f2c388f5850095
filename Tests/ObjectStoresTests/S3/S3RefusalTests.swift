import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("What S3 refuses for good")
struct S3RefusalTests {
    @Test(
        "is asked once, and nobody waits",
        arguments: [
            (403, "InvalidAccessKeyId"), (403, "SignatureDoesNotMatch"), (403, "AccessDenied"), (400, "InvalidToken"),
            (403, "AccountProblem"), (404, "NoSuchBucket"),
        ])
    func once(status: Int, code: String) async throws {
        let refusing = ScriptedTransport { _ in HTTPAnswer(status, "<Error><Code>\(code)</Code><Message>no</Message></Error>") }
        let clock = SteppingClock()
        let store = try S3Store(
            S3Options(bucket: "backups"), credentials: ScriptedCredentials(), transport: refusing,
            context: RunContext(now: { testTime }, clock: clock))
        await #expect(throws: BackupError.self) { _ = try await store.list() }
        #expect(refusing.calls.count == 1)
        #expect(clock.now.elapsed == .zero)
    }
}
