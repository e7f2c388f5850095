import BackupModel
import Logging
import Synchronization

@testable import BackupReports

/// Settings with all that can be told of; nothing of it is reached.
enum AlertScene {
    static var settings: AlertSettings {
        var settings = AlertSettings()
        settings.runbook = "https://wiki.example.org/runbook-backup-failed"
        settings.escalation = Escalation(contacts: [
            .dba: [.mention("@dba-lead")], .devops: [.mention("@devops-oncall"), .email("devops@example.org")],
            .storage: [.pagerDuty(Secret("abcdefghijklmnopqrstuvwxyz012345")), .mention("@storage-team")],
            .sreLead: [.mention("@sre-lead")],
        ])
        return settings
    }

    /// The facts of a scene, some time later.
    static func facts(_ scene: Scene, after minutes: Int = 0) -> ServiceFacts {
        var facts = scene.facts
        facts.now = facts.now + .seconds(60 * minutes)
        return facts
    }

    static func message(_ scene: Scene, _ action: AlertMessage.Action = .trigger) -> AlertMessage? {
        AlertDecision(scene.facts, Health(scene.facts), open: [], settings: settings).messages.first.map {
            AlertMessage(action: action, alert: $0.alert, at: $0.at)
        }
    }
}

/// Facts that a test changes.
final class FactsInHand: FactSource {
    private let held: Mutex<ServiceFacts>

    init(_ facts: ServiceFacts) { held = Mutex(facts) }

    var current: ServiceFacts {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }

    func facts() async -> ServiceFacts { current }
}

/// A channel that does what a script says, and remembers what it took.
final class ScriptedChannel: AlertChannel {
    let name: String
    private let taken = Mutex<[AlertParcel]>([])
    private let failures: Mutex<[DeliveryFailure?]>

    init(_ name: String, failures: [DeliveryFailure?] = []) {
        self.name = name
        self.failures = Mutex(failures)
    }

    var parcels: [AlertParcel] { taken.withLock { $0 } }

    /// `trigger call-center-backup/postgres` and the like.
    var words: [String] {
        parcels.map { parcel in
            switch parcel.content {
            case .alert(let message): "\(message.action.rawValue) \(message.alert.key)"
            case .heartbeat(let heartbeat): "heartbeat \(heartbeat.succeeded)"
            }
        }
    }

    func script(_ next: DeliveryFailure?...) { failures.withLock { $0 += next } }

    func deliver(_ parcel: AlertParcel) async throws(DeliveryFailure) {
        let failure = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let failure { throw failure }
        taken.withLock { $0.append(parcel) }
    }
}

/// What was logged, a line each.
final class LogLines: LogHandler, Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    func log(event: LogEvent) { kept.withLock { $0.append("\(event.level): \(event.message)") } }
}

extension AlertParcel.Content {
    /// Nil for a sign of life.
    var message: AlertMessage? {
        guard case .alert(let message) = self else { return nil }
        return message
    }
}
