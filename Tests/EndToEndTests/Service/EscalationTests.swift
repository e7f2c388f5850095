import BackupTestKit
import SystemPackage
import Testing

@Suite("A failure that nobody mends, and those who are called for it", .timeLimit(.minutes(3)))
struct EscalationTests {
    private static let own = "test"
    private static let storage = String(repeating: "5", count: 32)
    private static let dba = String(repeating: "d", count: 32)

    @Test("The team whose matter the cause is comes first, then the runbook's next; the next success ends the incident of each")
    func escalates() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await SmallFilesystem.with(mebibytes: 8) { disk in
                let filler = disk.appending("somebody-elses").string
                try await Command("bash", ["-c", "head -c 7800000 /dev/zero >\"$0\"", filler]).output()
                try await withAdmin(server) { elsewhere in
                    var admin = AdminProgram(server: server, folder: disk)
                    admin.environment = ["BACKUP_DISK_MAX_PERCENT": "90", "BACKUP_STATE_DIR": "\(elsewhere.folder)/../state"]
                    try await withPagerDuty(["pager"]) { pagerDuty, url in
                        let state = ["BACKUP_STATE_DIR": "\(elsewhere.folder)/../state"]
                        let settings = Self.settings(url("pager")).merging(state) { $1 }
                        let outcome = try await admin.asked(database, settings) { service in
                            let raised = try await Self.events(pagerDuty) { $0.hasCalled(Self.storage, Self.dba) }
                            Self.expectOrder(raised)
                            try await Command("rm", [filler]).output()
                            try await service.order(#"{"kind":"backup"}"#)
                            let ended = try await Self.events(pagerDuty) { $0.count { $0.eventAction == "resolve" } == 3 }
                            Self.expectIncidents(raised + ended)
                            try service.program.send(.terminate)
                        }
                        #expect(outcome.status == 0, "\(outcome)")
                        #expect(pagerDuty.strangers == [])
                    }
                }
            }
        }
    }

    private static func settings(_ pagerDuty: String) -> [String: String] {
        [
            "PAGERDUTY_ROUTING_KEY": own, "PAGERDUTY_URL": pagerDuty, "BACKUP_ESCALATION_AFTER": "2s", "BACKUP_ESCALATION_DBA": dba,
            "BACKUP_ESCALATION_STORAGE": storage, "BACKUP_RETRY_COUNT": "0", "BACKUP_DISK_MAX_PERCENT": "90",
        ]
    }

    /// Those that come from now on, until they are enough.
    private static func events(
        _ pagerDuty: ScriptedPagerDuty, until isEnough: ([ScriptedPagerDuty.Event]) -> Bool
    ) async throws -> [ScriptedPagerDuty.Event] {
        var events: [ScriptedPagerDuty.Event] = []
        while !isEnough(events) { events.append(try #require(await pagerDuty.next("pager"))) }
        return events
    }

    /// The database's administrators come first in the runbook; for a full disk the storage's do.
    private static func expectOrder(_ raised: [ScriptedPagerDuty.Event]) {
        #expect(raised.allSatisfy { $0.payload?.customDetails?.team == "storage" }, "\(raised)")
        #expect(raised.first { $0.routingKey == storage }?.escalatedTo == ["Storage / Infrastructure"], "\(raised)")
        #expect(raised.first { $0.routingKey == dba }?.escalatedTo == ["Storage / Infrastructure", "Database Administrator"], "\(raised)")
    }

    private static func expectIncidents(_ events: [ScriptedPagerDuty.Event]) {
        #expect(Set(events.map(\.dedupKey)).count == 1, "\(events)")
        for key in [own, storage, dba] {
            let actions = events.filter { $0.routingKey == key }.map(\.eventAction)
            // What is told again joins the incident.
            #expect(actions.first == "trigger" && actions.last == "resolve" && actions.count { $0 == "resolve" } == 1, "\(key): \(actions)")
        }
    }
}

extension [ScriptedPagerDuty.Event] {
    fileprivate func hasCalled(_ keys: String...) -> Bool { keys.allSatisfy { key in contains { $0.routingKey == key } } }
}

extension ScriptedPagerDuty.Event {
    /// The teams it says were called, without the time of it.
    fileprivate var escalatedTo: [String] {
        (payload?.customDetails?.escalatedTo ?? []).map { team in String(team.prefix { $0 != "," }) }
    }
}
