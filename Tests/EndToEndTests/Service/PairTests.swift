import BackupTestKit
import FoundationEssentials
import Testing

@Suite("Two services of one database, on two hosts that share a store", .timeLimit(.minutes(10)))
struct PairTests {
    @Test("Each slot has one backup, whoever comes first")
    func oneBackup() async throws {
        try await withCalls { server, database, admin in
            async let one = admin.served(database, named: "state-a", ["BACKUP_RATE_LIMIT": "1MB/s"])
            async let other = admin.served(database, named: "state-b", ["BACKUP_RATE_LIMIT": "1MB/s"])
            let (first, second) = try await (one, other)
            #expect(first.status == 0 && second.status == 0, "\(first) \(second)")
            #expect(try await admin.manifests().count == 1, "\(first) \(second)")
            let logs = [first.errors, second.errors]
            #expect(logs.count { $0.contains("complete: backup ") } == 1, "\(first) \(second)")
            #expect(logs.count { $0.contains("is there already") } == 1, "\(first) \(second)")
        }
    }

    @Test("When the one that takes it is killed the other one takes it; people are told who is at work")
    func takeover() async throws {
        try await withCalls { server, database, admin in
            let pair = ServicePair(admin: admin, database: database)
            try await pair.explaining {
                try await withFaultProxy(to: server.port, .stall(afterBytes: 3_000_000)) { proxy in
                    try await pair.run("holder", ["PGPORT": "\(proxy.port)"]) { holder, _ in
                        await proxy.reached(3_000_000)
                        try await refusal(admin, database)
                        try await takeOver(pair) {
                            try holder.send(.kill)
                            // The network is well: the server hears that its clients are gone.
                            proxy.resume()
                        }
                    } check: {
                        try #require($0 == 137)
                    }
                }
                try #require(try await admin.manifests().count == 1)
            }
        }
    }

    @Test("What fails on one of them, and is taken by the other, is told once and over then, on the metrics of the first one, too")
    func madeGood() async throws {
        try await withCalls { _, database, admin in
            try await withPagerDuty(["pager"]) { pagerDuty, url in
                // Nobody listens there: the backup fails.
                let settings = ["PAGERDUTY_ROUTING_KEY": "test", "PAGERDUTY_URL": url("pager"), "PGPORT": "1"]
                let outcome = try await admin.asked(database, named: "state-a", settings) { service in
                    let page = try #require(await pagerDuty.next("pager"))
                    #expect(page.eventAction == "trigger", "\(page)")
                    try await service.answers("/metrics", holding: Self.status("failed"))
                    let other = try await admin.served(database, named: "state-b")
                    #expect(other.status == 0 && other.errors.contains("complete: backup "), "\(other)")
                    // Its end has the stores looked at, which else would take minutes.
                    let id = try #require(try await admin.manifests().first?.prefix { $0 != "." })
                    try await service.order(#"{"kind":"verification","point":"\#(id)"}"#)
                    while try #require(await pagerDuty.next("pager")).eventAction != "resolve" {}
                    try await service.answers("/metrics", holding: Self.status("ok"))
                    try service.program.send(.terminate)
                }
                #expect(outcome.status == 0, "\(outcome)")
                expectOneIncident(pagerDuty.events("pager"))
                #expect(pagerDuty.strangers == [])
            }
        }
    }

    @Test("One that never was the first says that there are backups, and of when")
    func neverFirst() async throws {
        try await withCalls { _, database, admin in
            let first = try await admin.served(database, named: "state-a")
            #expect(first.status == 0 && first.errors.contains("complete: backup "), "\(first)")
            let second = try await admin.asked(database, named: "state-b") { service in
                try await service.socket.message(holding: "STATUS=next backup")
                try await service.answers("/metrics", holding: Self.status("ok"))
                try await service.answers("/metrics", holding: #"last_successful_backup_timestamp{target="postgres"} 1"#)
                try service.program.send(.terminate)
            }
            #expect(second.status == 0 && second.errors.contains("is there already"), "\(second)")
            #expect(try await admin.manifests().count == 1)
        }
    }

    private static func status(_ status: String) -> String { #"backup_status{target="postgres",status="\#(status)"} 1"# }

    /// Begun once and ended once. What is told again between has changed, as when a cause is found late.
    private func expectOneIncident(_ events: [ScriptedPagerDuty.Event]) {
        #expect(Set(events.map(\.dedupKey)).count == 1, "\(events)")
        #expect(events.count { $0.eventAction == "resolve" } == 1 && events.last?.eventAction == "resolve", "\(events)")
        #expect(!zip(events, events.dropFirst()).contains { $0.payload == $1.payload }, "\(events)")
    }

    private func refusal(_ admin: AdminProgram, _ database: String) async throws {
        var command = admin.command("db", "backup")
        command.environment["POSTGRES_DB"] = database
        let refused = try await command.outcome()
        #expect(refused.status == 7, "\(refused)")
        #expect(refused.errors.contains("another run holds the lock in "), "\(refused.errors)")
        #expect(refused.errors.contains(": call-center-backup on "), "\(refused.errors)")
    }

    /// Runs the other service until it has taken the backup, which it can only when the first one is killed.
    private func takeOver(_ pair: ServicePair, _ kill: () throws -> Void) async throws {
        try await pair.run("heir") { heir, socket in
            try await socket.message(holding: "STATUS=backup waits for another run")
            try #require(try await pair.admin.manifests() == [])
            try kill()
            try await socket.message(holding: "STATUS=next backup")
            try heir.send(.terminate)
        } check: {
            try #require($0 == 0)
        }
        try #require(try pair.log(of: "heir").contains("complete: backup "))
    }
}

/// Services on one database, and what they write, which is told when anything goes wrong.
private struct ServicePair {
    let admin: AdminProgram
    let database: String

    func run(
        _ name: String, _ settings: [String: String] = [:], _ body: (RunningCommand, NotifySocket) async throws -> Void,
        check: (_ status: Int32) throws -> Void
    ) async throws {
        try await withNotifySocket { socket in
            let service = admin.service(database, named: "state-\(name)", telling: socket, settings).logging(to: file(of: name))
            try check(try await service.outcome { program in try await body(program, socket) }.status)
        }
    }

    func log(of name: String) throws -> String { try String(contentsOfFile: file(of: name), encoding: .utf8) }

    /// Whatever fails in `body` is told with both logs.
    func explaining(_ body: () async throws -> Void) async throws {
        do { try await body() } catch {
            // One that has not begun yet has none.
            let logs = ["holder", "heir"].map { "the log of the \($0):\n\((try? log(of: $0)) ?? "")" }
            throw Command.Failure(description: "\(error)\n\(logs.joined(separator: "\n"))")
        }
    }

    private func file(of name: String) -> String { "\(admin.folder)/../\(name).log" }
}
