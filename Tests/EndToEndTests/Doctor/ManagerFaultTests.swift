import BackupTestKit
import Foundation
import Synchronization
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
                let redis = try await lab.expect(.redisCrashed, environment)
                let refusal = manager == "bare" ? "refused the connection" : state
                #expect(redis?.evidence?.contains(refusal) == true, "\(redis as Any)")
                try await lab.follow(redis, with: environment)
            }
        }
    }

    @Test("One that answers, and that its manager finds unwell or starts again and again, is told as that")
    func unsteady() async throws {
        try await withLaboratory { lab in
            let unit = #"Id=redis-server.service\nLoadState=loaded\nActiveState=activating\nSubState=auto-restart\n"#
            for (fault, manager, said, state) in [
                (CatalogueFault.serverUnhealthy, "compose", Self.unhealthy, "docker compose: running (unhealthy)"),
                (.redisRestarting, "systemd", unit, "systemd: activating (auto-restart)"),
            ] {
                let environment: [String: String?] = ["BACKUP_MANAGED_BY": manager, "PATH": lab.path]
                try await lab.does("printf '\(said)' >states")
                let finding = try await lab.expect(fault, environment)
                #expect(finding?.evidence == state, "\(finding as Any)")
                try await lab.follow(finding, choosing: "what the log shows is mended", with: environment)
            }
        }
    }

    private static let unhealthy = #"{"Service":"postgres","State":"running","Health":"unhealthy","ExitCode":0}\n"#

    @Test("A Prometheus that is gone, blind, or behind")
    func prometheus() async throws {
        try await withLaboratory { lab in
            let gone = try await lab.expect(.prometheusGone, ["BACKUP_PROMETHEUS_URL": "http://127.0.0.1:1"])
            try await lab.follow(gone, failing: ["curl"])
            try await answering { prometheus, url in
                prometheus.knows("")
                let blind = try await looks(lab, .prometheusBlind, url)
                // A second of 2017. A backup that has just been taken may not have been scraped.
                prometheus.knows(Self.samples("1500000000"))
                try await mended(lab, blind, url)
                try await lab.beginAnew(hoursAgo: 1)
                let behind = try await looks(lab, .prometheusBehind, url)
                prometheus.knows(Self.samples("\(Int(Date().timeIntervalSince1970))"))
                try await mended(lab, behind, url)
            }
        }
    }

    /// Whatever it is asked, that is the number.
    private static func samples(_ second: String) -> String {
        ["postgres", "redis"].map { #"{"metric":{"target":"\#($0)","status":"ok"},"value":[1,"\#(second)"]}"# }.joined(separator: ",")
    }

    /// What there is to be mended is another machine's: here it is looked at, by commands that do what they say.
    private func looks(_ lab: Laboratory, _ fault: CatalogueFault, _ url: String) async throws -> DoctorAnswer.Finding? {
        let finding = try await lab.expect(fault, ["BACKUP_PROMETHEUS_URL": url, "BACKUP_MANAGED_BY": "bare"])
        for command in finding?.remedy.commands ?? [] { try await lab.does(command) }
        return finding
    }

    /// It is scraped again: the commands of the remedy show it, and the doctor has nothing to say.
    private func mended(_ lab: Laboratory, _ finding: DoctorAnswer.Finding?, _ url: String) async throws {
        let query = try #require(finding?.remedy.commands.first { $0.hasPrefix("curl ") }, "\(finding as Any)")
        let answer = try await lab.types(query)
        #expect(answer.status == 0 && answer.output.contains(#""target":"postgres""#), "\(answer)")
        try await lab.follow(finding, with: ["BACKUP_PROMETHEUS_URL": url, "BACKUP_MANAGED_BY": "bare"])
    }

    /// Runs `body` with a Prometheus that always gives what it is told to know.
    private func answering(_ body: (_ prometheus: PlayedPrometheus, _ url: String) async throws -> Void) async throws {
        let prometheus = PlayedPrometheus()
        try await withScriptedHTTP({ _ in .answer(200, prometheus.answer) }) { try await body(prometheus, $0.url) }
    }
}

/// One that knows what a test tells it.
private final class PlayedPrometheus: Sendable {
    private let samples = Mutex("")

    func knows(_ text: String) { samples.withLock { $0 = text } }

    var answer: String {
        #"{"status":"success","data":{"resultType":"vector","result":[\#(samples.withLock { $0 })]}}"#
    }
}
