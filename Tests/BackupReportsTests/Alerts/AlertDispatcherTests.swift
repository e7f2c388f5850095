import BackupModel
import BackupTestKit
import Logging
import Synchronization
import SystemPackage
import Testing

@testable import BackupReports

@Suite("Dispatcher of alerts")
struct AlertDispatcherTests {
    /// A dispatcher with channels of the test's own, and a clock the test moves.
    private final class Stage {
        let facts: FactsInHand
        let log = LogLines()
        let webhook = ScriptedChannel("webhook")
        let pagerDuty = ScriptedChannel("pagerduty")
        let heartbeat = ScriptedChannel("heartbeat")
        let standing = AlertStanding()
        private let folder: String
        private(set) var dispatcher: AlertDispatcher

        init(_ folder: String, _ scene: Scene) throws {
            facts = FactsInHand(scene.facts)
            self.folder = folder
            dispatcher = try Self.dispatcher(folder, facts, [webhook, pagerDuty, heartbeat], log, standing)
        }

        func restart() throws { dispatcher = try Self.dispatcher(folder, facts, [webhook, pagerDuty, heartbeat], log, standing) }

        /// The scene, and the time since the beginning.
        func show(_ scene: Scene, after seconds: Int) async throws {
            var next = scene.facts
            next.now = next.now + .seconds(seconds)
            facts.current = next
            try await dispatcher.turn()
        }

        private static func dispatcher(
            _ folder: String, _ facts: FactsInHand, _ channels: [any AlertChannel], _ log: LogLines, _ standing: AlertStanding
        ) throws -> AlertDispatcher {
            var settings = AlertScene.settings
            settings.pagerDuty = PagerDutySettings(routingKey: Secret("key"))
            settings.webhook = WebhookSettings(url: Secret("https://example.org"))
            settings.heartbeat = HeartbeatSettings(url: Secret("https://example.org"), failureURL: Secret("https://example.org/fail"))
            return AlertDispatcher(
                settings: settings, outbox: try AlertOutbox(folder: folder), channels: channels, source: facts, standing: standing,
                context: RunContext(now: { facts.current.now }), logger: Logger(label: "test", factory: { _ in log }), chance: { 1 })
        }
    }

    @Test("Tells a failure once, whatever comes between, and its end once")
    func once() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .good)
            for (seconds, scene) in [(0, Scene.good), (5, .sourceGone), (10, .sourceGone), (15, .retrying), (20, .good), (25, .good)] {
                try await stage.show(scene, after: seconds)
                try stage.restart()
            }
            let expected = ["trigger call-center-backup/postgres", "resolve call-center-backup/postgres"]
            #expect(stage.pagerDuty.words == expected)
            #expect(stage.webhook.words == expected)
            #expect(stage.heartbeat.words == ["heartbeat false", "heartbeat true"])
        }
    }

    @Test("Calls nobody before everything was looked at once")
    func incomplete() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .firstLate)
            stage.facts.current.isComplete = false
            try await stage.dispatcher.turn()
            #expect(stage.webhook.words == [])
            stage.facts.current.isComplete = true
            try await stage.dispatcher.turn()
            #expect(stage.webhook.words.count == 2)
        }
    }

    @Test("Tries again with longer and longer waits what was not taken, in order, while other channels go on")
    func retries() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .good)
            stage.pagerDuty.script(.init(.later(nil), "503"), .init(.later(.seconds(60)), "429"))
            try await stage.show(.sourceGone, after: 0)
            try await stage.show(.good, after: 2)
            #expect(stage.pagerDuty.words == [])
            #expect(stage.webhook.words.count == 2)
            try stage.restart()
            try await stage.show(.good, after: 5)
            try await stage.show(.good, after: 64)
            #expect(stage.pagerDuty.words == [])
            try await stage.show(.good, after: 65)
            try await stage.show(.good, after: 66)
            #expect(stage.pagerDuty.words == ["trigger call-center-backup/postgres", "resolve call-center-backup/postgres"])
        }
    }

    @Test("Says of every channel what waits for it, since when and why; that is a reason of its own after a while, until it is taken")
    func standing() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .good)
            stage.pagerDuty.script(.init(.later(.seconds(3000)), "503"))
            try await stage.show(.sourceGone, after: 0)
            let waiting = ChannelFacts(name: "pagerduty", waiting: 1, since: Scene.now, failure: "503")
            #expect(stage.standing.channels == [ChannelFacts(name: "heartbeat"), waiting, ChannelFacts(name: "webhook")])
            var facts = Scene.good.facts
            facts.channels = stage.standing.channels
            #expect(Health(facts).level == .good)
            facts.now = facts.now + .seconds(901)
            #expect(Health(facts).reasons.map(\.code) == [.undelivered])
            // The beginning first, and what has come of it since with the next look.
            for seconds in [3001, 3006] { try await stage.show(.sourceGone, after: seconds) }
            #expect(stage.standing.channels.allSatisfy { $0.waiting == 0 && $0.since == nil })
        }
    }

    @Test("Does not offer again what is refused, and says so in the log")
    func refusal() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .good)
            stage.pagerDuty.script(.init(.refused, "PagerDuty refused it with 400"))
            try await stage.show(.sourceGone, after: 0)
            try await stage.show(.sourceGone, after: 600)
            #expect(stage.pagerDuty.words == [])
            #expect(stage.log.lines.contains("error: ERROR: Alert could not be delivered: pagerduty: PagerDuty refused it with 400"))
        }
    }

    @Test("Remembers whether the last heartbeat was taken, or why it was given up")
    func heartbeats() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .good)
            var settings = AlertSettings()
            settings.heartbeat = HeartbeatSettings(url: Secret("https://example.org"), failureURL: nil)
            stage.heartbeat.script(.init(.refused, "it answered 400"))
            try await stage.show(.good, after: 0)
            try await stage.show(.sourceGone, after: 5)
            let refused = try await AlertOutbox.heartbeat(of: settings, in: folder.string)
            #expect(refused?.delivery?.failure == "it answered 400" && refused?.delivery?.run == refused?.seen)
            try await stage.show(.good, after: 10)
            let taken = try await AlertOutbox.heartbeat(of: settings, in: folder.string)
            #expect(taken?.delivery?.failure == nil && taken?.delivery?.run == taken?.seen)
            #expect(taken?.seen != refused?.seen)
        }
    }

    @Test("Gives up after three days, and says so in the log")
    func expiry() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .good)
            stage.pagerDuty.script(.init(.later(nil), "no connection"), .init(.later(nil), "no connection"))
            try await stage.show(.sourceGone, after: 0)
            try await stage.show(.sourceGone, after: 3 * 86_400 + 60)
            #expect(stage.log.lines.contains { $0.contains("ERROR: Alert could not be delivered: pagerduty: given up after 3 d") })
        }
    }

    @Test("Calls the next team after half an hour, with the contacts' names for everybody to read")
    func escalation() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .good)
            for seconds in [0, 1790, 1800, 3600, 3605] { try await stage.show(.noSpace, after: seconds) }
            #expect(
                stage.webhook.words.filter { $0.hasSuffix("postgres") } == [
                    "trigger call-center-backup/postgres", "escalate call-center-backup/postgres", "escalate call-center-backup/postgres",
                ])
            let last = try #require(stage.webhook.parcels.last?.content.message)
            #expect(last.alert.escalations.map(\.team) == [.storage, .dba])
            #expect(last.text.contains("Escalated to: Storage / Infrastructure @storage-team"))
        }
    }

    @Test("Runs until it is cancelled, and survives a state file it cannot write")
    func runs() async throws {
        try await withTemporaryFolder { folder in
            let stage = try Stage(folder.string, .sourceGone)
            let dispatcher = stage.dispatcher
            let running = Task { try await dispatcher.run() }
            while stage.webhook.words.isEmpty { await Task.yield() }
            running.cancel()
            try await running.value
            #expect(stage.webhook.words == ["trigger call-center-backup/postgres"])
        }
    }
}
