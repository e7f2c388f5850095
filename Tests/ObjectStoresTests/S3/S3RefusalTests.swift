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

    @Test(
        "What asks to be spared is told from what is only broken, by its status or by its word",
        arguments: [
            (429, "", .slowDown(retryAfter: nil)), (503, "", .slowDown(retryAfter: nil)), (503, "SlowDown", .slowDown(retryAfter: nil)),
            (400, "RequestLimitExceeded", .slowDown(retryAfter: nil)), (200, "SlowDown", .slowDown(retryAfter: nil)),
            (500, "InternalError", .transient), (502, "", .transient), (408, "", .transient), (400, "BadDigest", .transient),
            (501, "NotImplemented", nil), (403, "AccessDenied", nil), (404, "NoSuchKey", nil),
        ] as [(Int, String, RetryReason?)])
    func reasons(status: Int, code: String, reason: RetryReason?) {
        let answer = HTTPAnswer(status, code.isEmpty ? "" : "<Error><Code>\(code)</Code><Message>no</Message></Error>")
        #expect(S3Refusal(answer).retryReason(answer, now: testTime) == reason)
    }

    @Test("and leads to TLS where a server that speaks no S3 in clear was asked in clear", arguments: ["http", "https"])
    func inClear(scheme: String) async throws {
        let refusing = ScriptedTransport { _ in HTTPAnswer(400, "Client sent an HTTP request to an HTTPS server.\n") }
        let store = try S3Store(
            S3Options(bucket: "backups", endpoint: "\(scheme)://127.0.0.1:9000"), credentials: ScriptedCredentials(), transport: refusing,
            context: RunContext(now: { testTime }, clock: SteppingClock()))
        let error = await #expect(throws: BackupError.self) { _ = try await store.list() }
        let isLed = error?.hint?.contains("Try https:// in AWS_ENDPOINT_URL_S3") == true
        #expect(isLed == (scheme == "http"), "\(error?.hint ?? "")")
    }
}
