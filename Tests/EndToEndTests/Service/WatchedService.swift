import BackupTestKit
import SystemPackage
import Testing

/// The service at work with everything that watches it: Prometheus, Alertmanager, and the two ways to PagerDuty.
struct WatchedService {
    let admin: AdminProgram
    let monitoring: Monitoring
    let pagerDuty: ScriptedPagerDuty
    /// What `docker compose logs backup-service` would print.
    let log: String
    /// Where it answers.
    let address: String

    static let token = "a-token-of-the-tests"
    /// The service's own way to PagerDuty, and the one through Prometheus.
    static let ways = ["service", "alertmanager"]

    /// Types a line of the runbook. Docker is played: its logs are the service's, and what it executes in the container runs here.
    func types(_ line: String) async throws -> Command.Outcome {
        try await admin.shell(Self.docker + line, ["LOG": log])
    }

    /// The lines a command of the runbook finds.
    func finds(_ line: String) async throws -> [String] {
        try await types(line).output.split(separator: "\n").map(String.init)
    }

    /// Has the service do something now, as `docs/http.md` says.
    func order(_ json: String) async throws {
        let bearer = "Authorization: Bearer \(Self.token)"
        try await Command(
            "curl", ["-sf", "-X", "POST", "http://\(address)/api/runs", "-H", bearer, "-H", "Content-Type: application/json", "-d", json]
        ).output()
    }

    /// The next page on each way, in their order.
    func pages() async throws -> [ScriptedPagerDuty.Event] {
        var pages: [ScriptedPagerDuty.Event] = []
        for way in Self.ways { pages.append(try #require(await pagerDuty.next(way))) }
        return pages
    }

    /// The next end on each way. The service alone tells of a change before it: a cause that the doctor finds late.
    func ends() async throws -> [ScriptedPagerDuty.Event] {
        var ends: [ScriptedPagerDuty.Event] = []
        for way in Self.ways {
            var event = try #require(await pagerDuty.next(way))
            while way == Self.ways[0], event.eventAction != "resolve" { event = try #require(await pagerDuty.next(way)) }
            #expect(event.eventAction == "resolve", "\(way)")
            ends.append(event)
        }
        return ends
    }

    private static let docker = """
        docker() {
            case "$1 $2" in
            "compose logs")
                local last=+1 word
                for word in "${@:3}"; do [[ $word == --tail=* ]] && last=${word#*=}; done
                tail -n "$last" "$LOG"
                ;;
            "exec call-center-backup-service") "${@:3}" ;;
            *) return 1 ;;
            esac
        }

        """
}

/// Runs `body` beside the service, which saves what `admin` saves.
func withWatchedService(
    _ admin: AdminProgram, _ database: String, _ settings: [String: String] = [:], _ body: (WatchedService) async throws -> Void
) async throws {
    let address = "127.0.0.1:\(try FreePort.any())"
    try await withPagerDuty(WatchedService.ways) { pagerDuty, url in
        try await withMonitoring(
            metrics: address, rules: try Deployment.quickRules(),
            alertmanager: try Deployment.quickAlertmanager(pagerDuty: url("alertmanager"))
        ) { monitoring in
            let own = [
                "BACKUP_HTTP": address, "BACKUP_HTTP_TOKEN": WatchedService.token, "PAGERDUTY_ROUTING_KEY": "test",
                "PAGERDUTY_URL": url("service"),
            ]
            try await withNotifySocket { socket in
                let log = "\(admin.folder)/../service.log"
                let service = admin.service(database, telling: socket, own.merging(settings) { $1 }).logging(to: log)
                let outcome = try await service.outcome { program in
                    try await socket.message(holding: "READY=1")
                    let watched = WatchedService(
                        admin: admin, monitoring: monitoring, pagerDuty: pagerDuty, log: log, address: address)
                    do { try await body(watched) } catch {
                        throw Command.Failure(description: "\(error)\n\(try await Command("tail", ["-n", "50", log]).output())")
                    }
                    try program.send(.terminate)
                }
                #expect(outcome.status == 0)
            }
        }
        #expect(pagerDuty.strangers == [])
    }
}
