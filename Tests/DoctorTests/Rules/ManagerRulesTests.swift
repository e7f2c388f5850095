import BackupReports
import Testing

@testable import Doctor

@Suite("Programs that their manager finds unwell")
struct ManagerRulesTests {
    private static let programs: [(Surroundings.Program, DiagnosisCode, Team)] = [
        (.postgres, .postgresUnsteady, .dba), (.redis, .redisUnsteady, .dba), (.backup, .serviceUnsteady, .devops),
    ]

    private func facts(_ program: Surroundings.Program, _ state: String) -> Examination {
        var facts = Healthy.examination
        facts.surroundings.states = [program: state]
        return facts
    }

    @Test("One that answers is told with what the manager says of it, and restarted by whoever has read its log", arguments: programs)
    func unsteady(program: Surroundings.Program, code: DiagnosisCode, team: Team) throws {
        let found = Diagnose()(facts(program, "activating (auto-restart)"))
        let finding = try #require(found.first)
        #expect(found.count == 1 && finding.code == code && finding.severity == .warning && finding.team == team, "\(found)")
        #expect(finding.evidence?.english == "systemd: activating (auto-restart)")
        #expect(finding.remedy.commands.allSatisfy { $0.hasPrefix("journalctl ") }, "\(finding)")
        #expect(finding.remedy.alternatives.first?.commands.first?.contains("systemctl restart ") == true, "\(finding)")
    }

    @Test("Containers too", arguments: ["restarting", "running (unhealthy)"])
    func containers(state: String) throws {
        var facts = facts(.redis, state)
        facts.surroundings.manager = .compose
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .redisUnsteady && finding.evidence?.english == "docker compose: \(state)")
    }

    @Test("What runs is no finding, nor what another starter has left behind", arguments: ["active (running)", "failed (exit-code)"])
    func steady(state: String) {
        for (program, _, _) in Self.programs { #expect(Diagnose()(facts(program, state)).isEmpty) }
    }

    @Test("A unit of this machine is not the server of another one; one that does not answer is told once")
    func others() {
        var facts = facts(.postgres, "activating (auto-restart)")
        facts.surroundings.postgres.host = "db-2"
        #expect(Diagnose()(facts).isEmpty)
        (facts.surroundings.manager, facts.surroundings.postgres.host) = (.compose, "db.example.com")
        #expect(Diagnose()(facts).isEmpty, "a container of that name is not the server of another machine")
        facts.surroundings.manager = .systemd
        facts.surroundings.postgres.host = "localhost"
        facts.postgres?.server = .troubled(Trouble(.notListening, "connection refused"))
        #expect(Diagnose()(facts).map(\.code) == [.postgresDown])
    }
}
