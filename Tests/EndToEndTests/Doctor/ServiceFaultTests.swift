import BackupTestKit
import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, the service", .timeLimit(.minutes(10)))
struct ServiceFaultTests {
    typealias Settings = [String: String?]

    /// Runs `body` where a service has taken a backup for the schedule, and has ended: from then on it is expected here.
    private func withEndedService(_ more: [String: String] = [:], _ body: (Laboratory, Settings) async throws -> Void) async throws {
        try await withLaboratory { lab in
            // As `service` has it.
            let settings = try lab.serviceSettings().merging(["POSTGRES_DB": Laboratory.database]) { $1 }.merging(more) { $1 }
            // Without a backup it takes one at once.
            try await Command("bash", ["-c", #"rm -rf "$0"/* "$0"/../state"#, lab.admin.folder.string]).output()
            _ = try await lab.admin.served(Laboratory.database, settings)
            try await body(lab, settings.mapValues { $0 })
        }
    }

    private func managers(_ lab: Laboratory) -> [(String, String)] {
        [
            ("compose", "docker compose start backup-service"), ("systemd", "systemctl start call-center-backup"),
            ("bare", "nohup backup-service >>\(lab.admin.folder)/../state/backup-service.log 2>&1 &"),
        ]
    }

    @Test("One that has stopped is started as this machine starts it, and answers")
    func stopped() async throws {
        try await withEndedService { lab, settings in
            for (manager, command) in managers(lab) {
                let here = settings.merging(["BACKUP_MANAGED_BY": manager, "PATH": lab.path]) { $1 }
                let finding = try await lab.expect(.serviceStopped, here)
                #expect(finding?.remedy.commands.first == command)
                let states = ["compose": "docker compose: exited (137)", "systemd": "systemd: failed (signal)"]
                #expect(finding?.evidence?.hasSuffix(states[manager] ?? "") == true, "\(finding as Any)")
                try await lab.carryOut(finding, command, with: here)
                try await lab.awaitService(here)
                try await lab.carryOut(finding, finding?.remedy.commands.last ?? "", with: here)
                try await lab.expectHealth(here)
                try await lab.endService()
            }
        }
    }

    /// Begins the service of another installation of this machine.
    /// - Returns: what asks whether the same one lives.
    private func neighbour(_ lab: Laboratory, _ settings: Settings) async throws -> String {
        let (file, folder) = ("\(lab.admin.folder)/../neighbour", "\(lab.admin.folder)/../elsewhere")
        let its = settings.merging(["BACKUP_STATE_DIR": folder, "BACKUP_HTTP": "127.0.0.1:\(try FreePort.any())"]) { $1 }
        try await lab.does("nohup backup-service >>\(file).log 2>&1 & echo $! >\(file)", with: its)
        try await lab.awaitService(its)
        return "kill -0 $(cat \(file))"
    }

    @Test("One that stands still is ended and started anew; that of another installation goes on")
    func standstill() async throws {
        try await withEndedService(["BACKUP_MANAGED_BY": "bare"]) { lab, settings in
            let lives = try await neighbour(lab, settings)
            let outcome = try await withNotifySocket { socket in
                let file = "\(lab.admin.folder)/../pid"
                var service = lab.admin.service(Laboratory.database, telling: socket, settings.compactMapValues { $0 })
                (service.program, service.arguments) = ("bash", ["-c", #"echo $$ >"$0"; exec "$1""#, file, service.program])
                return try await service.outcome { _ in
                    try await socket.message(holding: "STATUS=next")
                    try await lab.expectHealth(settings)
                    try await lab.signal("STOP", file)
                    try await lab.carryOut(try await lab.expect(.serviceStandsStill, settings), "backup-service --check", with: settings)
                }
            }
            // It was asked to end, not killed.
            #expect(outcome.status == 0)
            try await lab.does(lives)
            try await lab.awaitService(settings)
            try await lab.expectHealth(settings)
            try await lab.endService()
        }
    }

    /// What the words of the remedy have somebody do is done: the service gets an address that nobody else has.
    @Test("Somebody else who answers at its address, well or with errors")
    func strangers() async throws {
        try await withEndedService(["BACKUP_MANAGED_BY": "bare"]) { lab, settings in
            let page = ScriptedReply.answer(200, headers: ["server": "nginx"], "<html>Welcome</html>")
            for (fault, reply, words) in [
                (CatalogueFault.serviceForeign, page, "200 (nginx)"), (.serviceForeign, .answer(204, ""), "204"),
                (.serviceAnswersErrors, .answer(500, ""), "with 500"),
            ] {
                let finding = try await withScriptedHTTP({ _ in reply }) { server in
                    let there = settings.merging(["BACKUP_HTTP": "127.0.0.1:\(server.port)"]) { $1 }
                    let finding = try await lab.expect(fault, there)
                    #expect(finding?.evidence?.contains(words) == true, "\(finding as Any)")
                    if fault == .serviceForeign { try await lab.carryOut(finding, "ss", with: there) }
                    return finding
                }
                try await lab.carryOut(finding, "backup-service --check", with: settings)
                try await lab.awaitService(settings)
                try await lab.expectHealth(settings)
                try await lab.endService()
            }
        }
    }

    @Test("doctor --fix starts the real service where nothing but a shell does, and it answers")
    func repairedBare() async throws {
        try await withEndedService(["BACKUP_MANAGED_BY": "bare"]) { lab, settings in
            try await lab.expectRepairs([("service-stopped", "start-service")], settings)
            let said = try await lab.types("curl -sf http://$BACKUP_HTTP/health", with: settings)
            #expect(said.output.contains("alive"), "\(said)")
            try await lab.endService()
        }
    }

    /// systemd is played, and the service real: a machine is seen whose systemd has its unit.
    @Test("doctor --fix starts the real service where systemd has it, and it answers")
    func repairedUnit() async throws {
        guard geteuid() == 0, FileManager.default.fileExists(atPath: "/usr/lib/systemd") else {
            try Test.cancel("showing a process another machine takes root, and the folder of systemd's units")
        }
        try await withEndedService { lab, settings in
            let machine = #"""
                mount -t tmpfs none /run && mount -t tmpfs none /usr/lib/systemd && mkdir -p /run/systemd/system /usr/lib/systemd/system &&
                    touch /usr/lib/systemd/system/call-center-backup.service && exec "$@"
                """#
            let here = settings.merging(["PATH": lab.path]) { $1 }
            try await lab.expectRepairs(
                [("service-stopped", "start-service")], here, as: ["unshare", "-m", "bash", "-c", machine, "machine"])
            let said = try await lab.types("curl -sf http://$BACKUP_HTTP/health", with: settings)
            #expect(said.output.contains("alive"), "\(said)")
            try await lab.endService()
        }
    }
}

@Suite("The doctor's fault catalogue, the heartbeat", .timeLimit(.minutes(10)))
struct HeartbeatFaultTests {
    @Test("One that was refused is told until the next is taken; one that nobody sent is sent by the service")
    func heartbeats() async throws {
        try await withLaboratory { lab in
            _ = try await withScriptedHTTP({ .answer($0.path == "/right" ? 200 : 400, "no such check") }) { server in
                try await unsent(lab, "\(server.url)/right")
                try await refused(lab, server.url)
            }
        }
    }

    private func unsent(_ lab: Laboratory, _ url: String) async throws {
        let settings = try lab.serviceSettings().merging(["BACKUP_HEARTBEAT_URL": url, "BACKUP_MANAGED_BY": "bare"]) { $1 }
        try await lab.beginAnew(hoursAgo: 1)
        let finding = try await lab.expect(.heartbeatMissing, settings)
        try await lab.carryOut(finding, "nohup", with: settings)
        try await lab.awaitHealth(settings)
        try await lab.endService()
    }

    private func refused(_ lab: Laboratory, _ url: String) async throws {
        var right = try lab.serviceSettings().merging(["BACKUP_HEARTBEAT_URL": "\(url)/right", "BACKUP_MANAGED_BY": "systemd"]) { $1 }
        // The only channel, so that it alone is tested.
        right["BACKUP_ESCALATION_DEVOPS"] = nil
        let wrong = right.merging(["BACKUP_HEARTBEAT_URL": "\(url)/wrong"]) { $1 }
        try await lab.does("systemctl start call-center-backup", with: wrong)
        try await lab.does("call-center-admin db backup", with: wrong)
        try await lab.wait(for: CatalogueFault.heartbeatRefused.expected.code, wrong)
        let finding = try await lab.expect(.heartbeatRefused, wrong)
        #expect(finding?.evidence?.contains("400") == true, "\(finding as Any)")
        try await lab.does("systemctl restart call-center-backup", with: right)
        try await lab.carryOut(finding, "call-center-admin alert test", with: right)
        try await lab.carryOut(finding, "call-center-admin db backup", with: right)
        try await lab.awaitHealth(right)
        try await lab.endService()
    }
}

extension Laboratory {
    /// Of a service that takes a backup when there is none, and then has nothing to do. It has somebody to tell, and never does.
    func serviceSettings() throws -> [String: String] {
        [
            "BACKUP_HTTP": "127.0.0.1:\(try FreePort.any())", "BACKUP_RETRY_COUNT": "0", "BACKUP_PRUNE_SCHEDULE": "none",
            "BACKUP_REVERIFY_SCHEDULE": "none", "BACKUP_ESCALATION_DEVOPS": Self.pager,
            "BACKUP_ESCALATION_AFTER": "0s",
        ]
    }

    /// A key of PagerDuty.
    static let pager = String(repeating: "0", count: 32)

    /// Types something that has to succeed.
    func does(
        _ command: String, with environment: [String: String?] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await types(command, with: environment)
        try #require(outcome.status == 0, "\(command): \(outcome.output)\(outcome.errors)", sourceLocation: sourceLocation)
    }

    /// What was started in the background takes a moment.
    func awaitService(_ environment: [String: String?]) async throws {
        try await does("timeout 60 bash -c 'until curl -sf http://$BACKUP_HTTP/health >/dev/null; do :; done'", with: environment)
    }

    /// What a service mends by itself takes it a moment.
    func awaitHealth(_ environment: [String: String?]) async throws {
        for _ in 0..<60 {
            if try await doctor(environment).findings.isEmpty { return }
        }
        try await expectHealth(environment)
    }

    func endService() async throws { try await does("pkill -x backup-service; while pgrep -x backup-service; do :; done") }
}
