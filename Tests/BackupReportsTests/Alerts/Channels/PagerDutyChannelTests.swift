import BackupModel
import BackupTestKit
import Foundation
import Synchronization
import Testing

@testable import BackupReports

@Suite("PagerDuty")
struct PagerDutyChannelTests {
    private let key = Secret("0123456789abcdef0123456789abcdef")

    private func deliver(_ message: AlertMessage, reply: ScriptedReply) async throws -> (
        failure: DeliveryFailure?, requests: [ScriptedRequest]
    ) {
        try await withScriptedHTTP({ _ in reply }) { server in
            let channel = PagerDutyChannel(name: "pagerduty", routingKey: key, url: server.url + "/v2/enqueue")
            do throws(DeliveryFailure) {
                try await channel.deliver(AlertParcel(id: "1", content: .alert(message)))
                return (nil, server.requests)
            } catch { return (error, server.requests) }
        }
    }

    @Test("Events are what the API asks for", arguments: [AlertMessage.Action.trigger, .escalate, .resolve])
    func golden(action: AlertMessage.Action) async throws {
        var message = try #require(AlertScene.message(.noSpace, action))
        if action == .escalate { message.alert.escalations = [.init(team: .storage, at: Scene.now, mentions: ["@storage-team"])] }
        let (failure, requests) = try await deliver(message, reply: .answer(202, #"{"status":"success"}"#))
        #expect(failure == nil)
        let request = try #require(requests.first)
        #expect(request.method == "POST" && request.path == "/v2/enqueue")
        #expect(request.headers["content-type"] == "application/json")
        let object = try JSONSerialization.jsonObject(with: Data(request.body))
        let pretty = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        try expectGolden(String(decoding: pretty, as: UTF8.self) + "\n", "alerts/pagerduty-\(action.rawValue).json")
    }

    @Test("Answers mean what PagerDuty says they mean")
    func answers() async throws {
        let message = try #require(AlertScene.message(.sourceGone))
        func kind(_ reply: ScriptedReply) async throws -> DeliveryFailure.Kind? { try await deliver(message, reply: reply).failure?.kind }
        #expect(try await kind(.answer(202)) == nil)
        #expect(try await kind(.answer(400, #"{"status":"invalid event"}"#)) == .refused)
        #expect(try await kind(.answer(429, headers: ["Retry-After": "90"])) == .later(.seconds(90)))
        #expect(try await kind(.answer(500)) == .later(nil))
        #expect(try await kind(.close) == .later(nil))
        #expect(try await kind(.answer(302, headers: ["Location": "http://127.0.0.1:1/"])) == .later(nil))
    }

    @Test("Refusals are told with what PagerDuty said, and without the key")
    func words() async throws {
        let message = try #require(AlertScene.message(.sourceGone))
        let failure = try #require(try await deliver(message, reply: .answer(400, "Event object is invalid")).failure)
        #expect(failure.reason == "PagerDuty refused it with 400: Event object is invalid")
    }

    @Test("However much a program had to say, the API's limits hold")
    func limits() throws {
        var message = try #require(AlertScene.message(.sourceGone))
        message.alert.summary = String(repeating: "ы", count: 5000)
        message.alert.key = String(repeating: "k", count: 500)
        let line = message.alert.reasons[0]
        message.alert.reasons = (0..<100).map { _ in
            var long = line
            long.evidence = String(repeating: "я", count: 200_000)
            return long
        }
        let body = try PagerDutyEvent(message, routingKey: key).encoded()
        let event = try JSONDecoder().decode(JSONValue.self, from: Data(body))
        guard case .object(let fields) = event, case .object(let payload)? = fields["payload"] else { return #expect(Bool(false)) }
        guard case .string(let summary)? = payload["summary"], case .string(let dedup)? = fields["dedup_key"] else {
            return #expect(Bool(false))
        }
        #expect(summary.count == 1024)
        #expect(dedup.count == 255)
        #expect(body.count < 512 << 10)
    }

    @Test("A proxy that the environment names is asked in its place, unless the host is named as one without")
    func proxy() async throws {
        let message = try #require(AlertScene.message(.sourceGone))
        // The client asks for a tunnel in any case; here it gets none.
        let asked = Mutex<[String]>([])
        try await withScriptedHTTP(
            early: { head in
                asked.withLock { $0.append("\(head.method) \(head.target)") }
                return .answer(403)
            }, { _ in .answer(202, "{}") }
        ) { server in
            let parcel = AlertParcel(id: "1", content: .alert(message))
            for exempt in ["", "invalid"] {
                let channel = PagerDutyChannel(
                    name: "pagerduty", routingKey: key, url: "http://pagerduty.invalid/v2/enqueue",
                    environment: ["http_proxy": server.url, "no_proxy": exempt])
                await #expect(throws: DeliveryFailure.self) { try await channel.deliver(parcel) }
            }
            let tunnels = asked.withLock { $0 }
            #expect(tunnels == ["CONNECT pagerduty.invalid:80"])
        }
    }
}
