import BackupTestKit
import Testing

@Suite("The doctor's fault catalogue, by what starts the servers", .timeLimit(.minutes(10)))
struct ManagerFaultTests {
    private static let managers = [
        ("compose", "docker compose start postgres", "docker compose: exited (137)"),
        ("systemd", "systemctl start postgresql", "systemd: failed (signal)"), ("bare", "service postgresql start", "Connection refused"),
    ]

    @Test("A server that is down is shown by what its manager says, and started as that starts it; statements reach it as well")
    func managers() async throws {
        try await withLaboratory { lab in
            for (manager, command, state) in Self.managers {
                let environment: [String: String?] = ["BACKUP_MANAGED_BY": manager, "PATH": lab.path]
                try await lab.postgres.crash()
                let finding = try await lab.expect(.serverCrashed, environment)
                #expect(finding?.remedy.commands.first == command)
                #expect(finding?.evidence?.contains(state) == true, "\(finding as Any)")
                try await lab.carryOut(finding, command)
                try await lab.carryOut(finding, "pg_isready")
                try await lab.carryOut(finding, finding?.remedy.commands.last ?? "", with: environment)
                try await lab.postgres.psql("REVOKE pg_read_all_data FROM backup")
                try await lab.carryOut(try await lab.expect(.rightsRevoked, environment), "", "GRANT")
                try await lab.expectHealth(environment)
                try await lab.redis.crash()
                try await lab.follow(try await lab.expect(.redisCrashed, environment), with: environment)
            }
        }
    }

    @Test("A Prometheus that is gone, blind, or behind")
    func prometheus() async throws {
        try await withLaboratory { lab in
            let gone = try await lab.expect(.prometheusGone, ["BACKUP_PROMETHEUS_URL": "http://127.0.0.1:1"])
            try await lab.follow(gone, failing: ["curl"])
            try await answering("") { url in try await looks(lab, .prometheusBlind, url) }
            // Whatever it is asked, each number is a second of 2017.
            let samples = ["postgres", "redis"].map { #"{"metric":{"target":"\#($0)","status":"ok"},"value":[1,"1500000000"]}"# }
            try await answering(samples.joined(separator: ",")) { url in
                // A backup that has just been taken may not have been scraped.
                try await lab.expectHealth(["BACKUP_PROMETHEUS_URL": url])
                try await lab.beginAnew(hoursAgo: 1)
                try await looks(lab, .prometheusBehind, url)
            }
        }
    }

    /// What there is to be mended is another machine's: here it is looked at, by commands that do what they say.
    private func looks(_ lab: Laboratory, _ fault: CatalogueFault, _ url: String) async throws {
        let finding = try await lab.expect(fault, ["BACKUP_PROMETHEUS_URL": url, "BACKUP_MANAGED_BY": "bare"])
        for command in finding?.remedy.commands ?? [] { try await lab.does(command) }
    }

    /// Runs `body` with a Prometheus that always gives these samples.
    private func answering<Value: Sendable>(_ samples: String, _ body: (_ url: String) async throws -> Value) async throws {
        let answer = #"{"status":"success","data":{"resultType":"vector","result":[\#(samples)]}}"#
        _ = try await withScriptedHTTP({ _ in .answer(200, answer) }) { try await body($0.url) }
    }
}
