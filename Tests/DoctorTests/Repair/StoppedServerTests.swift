import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Servers that the doctor starts")
struct StoppedServerTests {
    typealias Manager = Surroundings.Manager

    private func steps(_ manager: Manager, _ state: String?, _ change: (inout Examination) -> Void = { _ in }) -> [RepairPlan.Step] {
        var facts = Healthy.examination
        facts.surroundings.manager = manager
        for program in Surroundings.Program.allCases { facts.surroundings.states[program] = state }
        facts.postgres?.server = .troubled(Trouble(.notListening, "connection refused"))
        facts.redis?.servers = .troubled(Trouble(.notListening, "connection refused"))
        change(&facts)
        return RepairPlan(DoctorReport(facts)).steps
    }

    private func codes(_ manager: Manager, _ state: String?, _ change: (inout Examination) -> Void = { _ in }) -> [String] {
        steps(manager, state, change).map(\.repair.code).sorted()
    }

    @Test(
        "are those that their manager has and says have ended, and it is shown how",
        arguments: [(Manager.compose, "exited (137)"), (.systemd, "inactive (dead)"), (.systemd, "failed (signal)")])
    func stopped(_ manager: Manager, _ state: String) {
        let commands = Set(steps(manager, state).compactMap(\.repair.command))
        let program = manager == .compose ? "docker compose start" : "systemctl start"
        let (postgres, redis) = manager == .compose ? ("postgres", "redis") : ("postgresql", "redis-server")
        #expect(commands == ["\(program) \(postgres)", "\(program) \(redis)"])
    }

    @Test(
        "What runs, begins again by itself, or is unknown to its manager is left alone",
        arguments: [
            (Manager.compose, "restarting"), (.compose, "running"), (.systemd, "active (exited)"), (.systemd, "activating (auto-restart)"),
            (.systemd, nil), (.compose, nil), (.bare, nil),
        ] as [(Manager, String?)])
    func others(_ manager: Manager, _ state: String?) {
        #expect(codes(manager, state) == [])
    }

    @Test("Another machine's server is not what a unit of this one is, nor a container that has another name")
    func elsewhere() {
        let far: (inout Examination) -> Void = { facts in
            facts.surroundings.postgres.host = "db.example.org"
            facts.surroundings.redis?.host = "cache"
        }
        #expect(codes(.systemd, "inactive (dead)", far) == [])
        #expect(codes(.compose, "exited (0)", far) == ["start-redis"])
    }

    @Test("Where another PostgreSQL answers it may be the one that is meant, and nothing is started")
    func neighbour() {
        let found = codes(.systemd, "inactive (dead)") { facts in
            facts.postgres?.neighbours = [.init(host: "localhost", port: 5433)]
        }
        #expect(found == ["start-redis"])
    }

    @Test("First the server is started, then the backup that failed for it is taken")
    func backup() {
        let found = steps(.systemd, "inactive (dead)") { facts in
            facts.redis = Healthy.examination.redis
            facts.fail(.sourceUnreachable, "connection refused", .postgres)
        }
        #expect(found.map(\.repair) == [.startStopped(.postgres, command: ["systemctl", "start", "postgresql"]), .backUp])
    }

    @Test("The service in its container is started as the servers are")
    func service() {
        let found = steps(.compose, "exited (0)") { facts in
            (facts.postgres, facts.redis) = (Healthy.examination.postgres, Healthy.examination.redis)
            facts.process = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: true)
        }
        #expect(found.map(\.repair) == [.startStopped(.backup, command: ["docker", "compose", "start", "backup-service"])])
        #expect(found.map(\.repair.code) == ["start-service"])
    }
}
