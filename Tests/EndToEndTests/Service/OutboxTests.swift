import BackupTestKit
import Synchronization
import Testing

@Suite("Calls that PagerDuty does not take", .timeLimit(.minutes(3)))
struct OutboxTests {
    @Test("arrive once when it takes them again, though the service was killed meanwhile")
    func restart() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let desk = FrontDesk()
                try await withScriptedHTTP({ desk.answer($0) }) { pagerDuty in
                    let settings = [
                        "PAGERDUTY_ROUTING_KEY": "test", "PAGERDUTY_URL": "\(pagerDuty.url)/v2/enqueue",
                        // Nobody listens there: the backup fails.
                        "PGPORT": "1",
                    ]
                    let killed = try await admin.asked(database, settings) { service in
                        for await _ in desk.refusals.prefix(1) {}
                        try service.program.send(.kill)
                    }
                    #expect(killed.status == 137, "\(killed)")
                    let refused = try #require(desk.refused.first)
                    desk.open()
                    let outcome = try await admin.asked(database, settings) { service in
                        for await taken in desk.arrivals where taken == refused { break }
                        try await service.answers("/metrics", holding: #"backup_alerts_undelivered{channel="pagerduty"} 0"#)
                        try service.program.send(.terminate)
                    }
                    #expect(outcome.status == 0, "\(outcome)")
                    #expect(desk.taken.count { $0 == refused } == 1, "\(desk.taken)")
                    #expect(refused.contains(#""event_action":"trigger""#), "\(refused)")
                }
            }
        }
    }
}

/// Takes no event until it opens.
private final class FrontDesk: Sendable {
    private struct State {
        var isOpen = false
        var refused: [String] = []
        var taken: [String] = []
    }

    /// An event that was not taken, and one that was.
    let (refusals, refusal) = AsyncStream.makeStream(of: String.self)
    let (arrivals, arrival) = AsyncStream.makeStream(of: String.self)
    private let state = Mutex(State())

    var refused: [String] { state.withLock(\.refused) }
    var taken: [String] { state.withLock(\.taken) }

    func open() { state.withLock { $0.isOpen = true } }

    func answer(_ request: ScriptedRequest) -> ScriptedReply {
        let event = request.text
        let isTaken = state.withLock { state in
            if state.isOpen { state.taken.append(event) } else { state.refused.append(event) }
            return state.isOpen
        }
        (isTaken ? arrival : refusal).yield(event)
        return isTaken ? .answer(202, #"{"status":"success"}"#) : .answer(503, "")
    }
}
