import BackupModel
import BackupTestKit
import GRDB
import SystemPackage
import Testing

@testable import BackupReports

@Suite("Outbox of alerts")
struct AlertOutboxTests {
    private let now = Scene.now

    private func order(_ action: AlertMessage.Action, _ channels: [String], key: String? = nil) throws -> AlertOutbox.Order {
        var message = try #require(AlertScene.message(.sourceGone, action))
        message.alert.key = key ?? message.alert.key
        return AlertOutbox.Order(key: message.alert.key, content: .alert(message), channels: channels)
    }

    private func actions(_ waiting: [AlertOutbox.Waiting]) -> [String] {
        waiting.map { waiting in
            guard case .alert(let message) = waiting.content else { return "heartbeat" }
            return "\(waiting.channel) \(message.action.rawValue)"
        }
    }

    @Test("Keeps what is open and what is still to be told over a restart, readable by nobody else")
    func restart() async throws {
        try await withTemporaryFolder { folder in
            let trigger = try order(.trigger, ["a", "b"])
            let message = try #require(trigger.content.message)
            try await AlertOutbox(folder: folder.string).record(open: [message.alert], [trigger], mark: "run-1", at: now)
            let reopened = try AlertOutbox(folder: folder.string)
            #expect(try await reopened.openAlerts() == [message.alert])
            #expect(try await reopened.heartbeatMark() == "run-1")
            #expect(actions(try await reopened.waiting()) == ["a trigger", "b trigger"])
            let mode = try await Command("stat", ["-c", "%a", folder.string + "/alerts.sqlite"]).output()
            #expect(mode == "600\n")
        }
    }

    @Test("Never lets an end overtake its beginning, on one channel; other keys and channels go on")
    func ordering() async throws {
        try await withTemporaryFolder { folder in
            let outbox = try AlertOutbox(folder: folder.string)
            try await outbox.record(
                open: [], [try order(.trigger, ["a", "b"]), try order(.resolve, ["a", "b"]), try order(.trigger, ["a"], key: "other")],
                mark: nil, at: now)
            let first = try await outbox.due(at: now)
            #expect(actions(first) == ["a trigger", "b trigger", "a trigger"])
            try await outbox.remove(first[1])
            #expect(actions(try await outbox.due(at: now)) == ["a trigger", "b resolve", "a trigger"])
        }
    }

    @Test("Leaves a whole channel alone that did not take one parcel, what comes later included")
    func postponing() async throws {
        try await withTemporaryFolder { folder in
            let outbox = try AlertOutbox(folder: folder.string)
            try await outbox.record(open: [], [try order(.trigger, ["a", "b"])], mark: nil, at: now)
            let first = try #require(try await outbox.due(at: now).first)
            try await outbox.postpone(first, until: now + .seconds(60), failure: "busy")
            try await outbox.record(open: [], [try order(.trigger, ["a"], key: "other")], mark: nil, at: now + .seconds(1))
            #expect(actions(try await outbox.due(at: now + .seconds(59))) == ["b trigger"])
            let later = try await outbox.due(at: now + .seconds(60))
            #expect(actions(later) == ["a trigger", "b trigger", "a trigger"])
            #expect(later[0].failures == 1 && later[0].failure == "busy")
            #expect(later[0].parcel.id == first.parcel.id)
        }
    }

    @Test("Of heartbeats only the newest waits")
    func heartbeats() async throws {
        try await withTemporaryFolder { folder in
            let outbox = try AlertOutbox(folder: folder.string)
            for run in ["1", "2"] {
                let beat = Heartbeat(run: run, succeeded: true, at: now, failure: nil)
                try await outbox.record(
                    open: [], [.init(key: Heartbeat.key, content: .heartbeat(beat), channels: ["heartbeat"])], mark: run, at: now)
            }
            let waiting = try await outbox.waiting()
            #expect(waiting.map(\.content) == [.heartbeat(Heartbeat(run: "2", succeeded: true, at: now, failure: nil))])
        }
    }

    @Test("What another version wrote in another way holds up nothing")
    func otherVersion() async throws {
        try await withTemporaryFolder { folder in
            let outbox = try AlertOutbox(folder: folder.string)
            let trigger = try order(.trigger, ["a"])
            let message = try #require(trigger.content.message)
            try await outbox.record(open: [message.alert], [trigger, try order(.resolve, ["a"])], mark: nil, at: now)
            try await DatabaseQueue(path: folder.string + "/alerts.sqlite").write { database in
                try database.execute(sql: "UPDATE alert SET content = '{}'")
                try database.execute(sql: "UPDATE parcel SET content = '{}' WHERE id = (SELECT min(id) FROM parcel)")
            }
            #expect(try await outbox.openAlerts() == [])
            #expect(actions(try await outbox.due(at: now)) == [])
            #expect(actions(try await outbox.due(at: now)) == ["a resolve"])
        }
    }

    @Test("Says that it cannot be used where it cannot")
    func unusable() {
        #expect(throws: BackupError.self) { try AlertOutbox(folder: "/dev/null/state") }
    }

    @Test("Tells whoever only looks what has become of the last heartbeat, where one is asked for")
    func heartbeat() async throws {
        try await withTemporaryFolder { folder in
            var settings = AlertSettings()
            #expect(try await AlertOutbox.heartbeat(of: settings, in: folder.string) == nil)
            settings.heartbeat = HeartbeatSettings(url: Secret("https://example.org"), failureURL: nil)
            #expect(try await AlertOutbox.heartbeat(of: settings, in: folder.string) == HeartbeatFacts())
            #expect(try await Command("ls", [folder.string]).output() == "")
            let outbox = try AlertOutbox(folder: folder.string)
            try await outbox.record(open: [], [], mark: "run-2", at: now)
            for delivery in [HeartbeatFacts.Delivery(run: "run-1", at: now, failure: "410"), .init(run: "run-2", at: now)] {
                try await outbox.remember(delivery)
                let found = try await AlertOutbox.heartbeat(of: settings, in: folder.string)
                #expect(found == HeartbeatFacts(seen: "run-2", delivery: delivery))
            }
            try await Command("bash", ["-c", "echo 'no database at all, but text' > \"$0\"/alerts.sqlite", folder.string]).output()
            await #expect(throws: BackupError.self) { try await AlertOutbox.heartbeat(of: settings, in: folder.string) }
        }
    }

    @Test("Tells whoever only looks what each channel was not told, and makes no file for it")
    func standing() async throws {
        try await withTemporaryFolder { folder in
            var settings = AlertSettings()
            settings.webhook = WebhookSettings(url: Secret("https://example.org"))
            settings.pagerDuty = PagerDutySettings(routingKey: Secret("key"))
            let none = try await AlertOutbox.channels(of: settings, in: folder.string)
            #expect(none == [ChannelFacts(name: "pagerduty"), ChannelFacts(name: "webhook")])
            #expect(try await Command("ls", [folder.string]).output() == "")
            let outbox = try AlertOutbox(folder: folder.string)
            let orders = [try order(.trigger, ["webhook", "gone"]), try order(.trigger, ["webhook"], key: "other")]
            try await outbox.record(open: [], orders, mark: nil, at: now)
            let first = try #require(try await outbox.due(at: now).first { $0.channel == "webhook" })
            try await outbox.postpone(first, until: now + .seconds(5), failure: "503")
            let found = try await AlertOutbox.channels(of: settings, in: folder.string)
            #expect(found == [ChannelFacts(name: "pagerduty"), ChannelFacts(name: "webhook", waiting: 2, since: now, failure: "503")])
            try await Command("bash", ["-c", "echo 'no database at all, but text' > \"$0\"/alerts.sqlite", folder.string]).output()
            await #expect(throws: BackupError.self) { try await AlertOutbox.channels(of: settings, in: folder.string) }
        }
    }
}
