import BackupCatalog
import BackupModel
import BackupTestKit
import FoundationEssentials
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("What a service needs to begin", .timeLimit(.minutes(5)))
struct StartCheckTests {
    private func failures(_ environment: [String: String]) async throws -> [BackupError] {
        let base = ["BACKUP_STATE_DIR": "state", "BACKUP_HTTP": "none", "DATABASE_URL": "postgres://127.0.0.1:1/orders"]
        var found: [BackupError] = []
        try await withMachine(environment: base.merging(environment) { $1 }) { machine in
            found = await StartCheck(try await machine.load()).failures()
            #expect(try await Command("ls", ["-A", machine.folder]).output() == "")
        }
        return found
    }

    @Test("Where all is well nothing is said, and nothing is left behind")
    func well() async throws {
        for address in ["none", "127.0.0.1:\(try FreePort.any())", ":\(try FreePort.any())", "127.0.0.1:0"] {
            #expect(try await failures(["BACKUP_HTTP": address]).map(\.message) == [])
        }
    }

    @Test("A certificate, a state folder and an address that cannot be used are told, each of them")
    func troubles() async throws {
        // Of the block for documentation (RFC 5737).
        let found = try await failures([
            "BACKUP_HTTP": "192.0.2.1:8085", "BACKUP_STATE_DIR": "/proc/nope", "BACKUP_HTTP_TLS_CERT": "/no/a.pem",
            "BACKUP_HTTP_TLS_KEY": "/no/a.key",
        ])
        #expect(found.map(\.code) == [.invalidConfiguration, .storeFailed, .invalidConfiguration])
        for (error, words) in zip(found, ["/no/a.pem is no PEM file", "/proc/nope", "cannot listen on 192.0.2.1:8085: "]) {
            #expect(error.message.contains(words))
        }
    }

    @Test("An outbox of alerts that is no database, or a folder, is told: the next service would not begin with it")
    func outbox() async throws {
        let environment = ["BACKUP_STATE_DIR": "state", "BACKUP_HTTP": "none", "DATABASE_URL": "postgres://127.0.0.1:1/orders"]
        for damage in ["head -c 9000 /dev/urandom > alerts.sqlite", "mkdir alerts.sqlite", ": > alerts.sqlite"] {
            try await withMachine(environment: environment) { machine in
                let script = "mkdir -m 700 \"$0/state\" && cd \"$0/state\" && \(damage)"
                try await Command("bash", ["-c", script, machine.folder]).output()
                let found = await StartCheck(try await machine.load()).failures()
                // An empty one is one that is being made.
                #expect(found.map(\.code) == (damage.hasPrefix(":") ? [] : [.storeFailed]), "\(found)")
                #expect(found.allSatisfy { $0.hint?.contains("may be moved away") == true })
            }
        }
    }

    /// Whoever opens a pipe that nobody writes to waits for ever.
    @Test("What hangs is told, and holds up nothing else")
    func hanging() async throws {
        try await withTemporaryFolder { folder in
            let pipe = folder.appending("pipe").string
            try await Command("mkfifo", [pipe]).output()
            let environment = [
                "BACKUP_STATE_DIR": "/proc/nope", "BACKUP_HTTP": "127.0.0.1:0", "BACKUP_HTTP_TLS_CERT": pipe, "BACKUP_HTTP_TLS_KEY": pipe,
            ]
            try await withMachine(environment: environment) { machine in
                var check = StartCheck(try await machine.load())
                check.patience = .milliseconds(200)
                let found = await check.failures()
                #expect(found.first?.code == .stalled && found.first?.message.contains(pipe) == true, "\(found)")
                #expect(found.contains { $0.message.contains("/proc/nope") }, "\(found)")
            }
            // The one that waits is let go.
            try await Command("bash", ["-c", #": >"$0""#, pipe]).output()
        }
    }

    @Test("An address that another program has is told")
    func taken() async throws {
        let found = try await withScriptedHTTP({ _ in .answer(200, headers: ["server": "nginx"], "Welcome") }) { server in
            try await failures(["BACKUP_HTTP": "127.0.0.1:\(server.port)"])
        }
        #expect(found.map(\.code) == [.invalidConfiguration])
        #expect(found.first?.message.contains("somebody else has the address") == true)
    }

    @Test("The service of this installation may have it, which gives it up; that of another one may not", arguments: [true, false])
    func own(isOurs: Bool) async throws {
        try await withTemporaryFolder { folder in
            let other = folder.appending("other").string
            try await Command("mkdir", [folder.appending("ours").string, other]).output()
            let environment = ["BACKUP_STATE_DIR": "\(folder)/ours", "DATABASE_URL": "postgres://127.0.0.1:1/orders"]
            try await withMachine(environment: environment) { machine in
                var configuration = try await machine.load()
                let key = try InstallationKey(folder: configuration.stateFolder).readOrMake()
                let another = try InstallationKey(folder: other).readOrMake()
                let said = try JSONEncoder().encode(configuration.fingerprint(isOurs ? key : another))
                let answer = #"{"status":"alive","# + String(decoding: said.dropFirst(), as: UTF8.self)
                let found = try await withScriptedHTTP({ _ in .answer(200, answer) }) { server in
                    configuration.http = BackupHTTPSettings(address: ListenAddress(host: "127.0.0.1", port: server.port))
                    return await StartCheck(configuration).failures()
                }
                #expect(found.isEmpty == isOurs)
            }
        }
    }
}
