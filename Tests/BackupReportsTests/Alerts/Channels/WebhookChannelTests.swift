import BackupModel
import BackupTestKit
import Foundation
import Testing

@testable import BackupReports

@Suite("Webhook and heartbeat")
struct WebhookChannelTests {
    @Test("Sends JSON with an id and a signature that openssl agrees with")
    func signed() async throws {
        try requireProgram("openssl", package: "openssl")
        let message = try #require(AlertScene.message(.noSpace))
        let request = try await withScriptedHTTP({ _ in .answer(204) }) { server in
            let settings = WebhookSettings(url: Secret(server.url + "/hook?token=t"), key: Secret("s3cret"))
            try await WebhookChannel(settings: settings).deliver(AlertParcel(id: "key#7", content: .alert(message)))
            return try #require(server.requests.first)
        }
        #expect(request.target == "/hook?token=t" && request.headers["x-backup-delivery"] == "key#7")
        let digest = try await Command("openssl", ["dgst", "-sha256", "-hmac", "s3cret", "-r"]).output(input: request.text)
        #expect(request.headers["x-backup-signature-256"] == "sha256=" + digest.prefix(64))
        let object = try JSONSerialization.jsonObject(with: Data(request.body))
        let pretty = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        try expectGolden(String(decoding: pretty, as: UTF8.self) + "\n", "alerts/webhook.json")
    }

    @Test("The heartbeat asks one URL after a success and the other after a failure")
    func heartbeat() async throws {
        let targets = try await withScriptedHTTP({ _ in .answer(200, "OK") }) { server in
            let url = Secret(server.url + "/uuid")
            let channel = HeartbeatChannel(settings: HeartbeatSettings(url: url, failureURL: HeartbeatSettings.failureURL(beside: url)))
            for succeeded in [true, false] {
                let beat = Heartbeat(run: "1", succeeded: succeeded, at: Scene.now, failure: nil)
                try await channel.deliver(AlertParcel(id: "1", content: .heartbeat(beat)))
            }
            return server.requests.map { "\($0.method) \($0.target)" }
        }
        #expect(targets == ["GET /uuid", "GET /uuid/fail"])
    }

    @Test("A URL that leads nowhere is told without it")
    func nowhere() async throws {
        let message = try #require(AlertScene.message(.sourceGone))
        let channel = WebhookChannel(settings: WebhookSettings(url: Secret("http://127.0.0.1:1/hook?token=t0ken")))
        let failure = try #require(
            await #expect(throws: DeliveryFailure.self) {
                try await channel.deliver(AlertParcel(id: "1", content: .alert(message)))
            })
        #expect(failure.kind == .later(nil))
        #expect(!failure.reason.contains("t0ken"))
    }
}
