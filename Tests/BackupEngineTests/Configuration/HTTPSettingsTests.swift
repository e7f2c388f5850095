import BackupEngine
import BackupModel
import Testing

@Suite("Where the service listens, as it is configured")
struct HTTPSettingsTests {
    private func load(_ environment: [String: String]) async throws -> BackupHTTPSettings? {
        try await BackupConfiguration.load(context: RunContext(now: { Instant(secondsSinceEpoch: 0) }, environment: environment)).http
    }

    @Test("Nobody has to say anything: this machine alone, reading for everybody on it, no changes")
    func standard() async throws {
        #expect(try await load([:]) == BackupHTTPSettings(address: ListenAddress(host: "127.0.0.1", port: 8085)))
    }

    @Test("None is nowhere")
    func none() async throws {
        #expect(try await load(["BACKUP_HTTP": "none"]) == nil)
    }

    @Test(
        "Addresses with a port",
        arguments: [
            ("0.0.0.0:80", "0.0.0.0", 80, false), (":8085", "0.0.0.0", 8085, false), ("[::1]:8085", "::1", 8085, true),
            ("localhost:1", "localhost", 1, true), ("127.3.2.1:0", "127.3.2.1", 0, true),
            ("backup.internal:65535", "backup.internal", 65535, false),
        ])
    func addresses(text: String, host: String, port: Int, isLoopback: Bool) async throws {
        let address = try #require(try await load(["BACKUP_HTTP": text])?.address)
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.isLoopback == isLoopback)
        #expect(ListenAddress("\(address)") == address)
    }

    @Test(
        "What is no address says what is",
        arguments: ["8085", "127.0.0.1", "::1:8085", "host:70000", "http://host:80", "ho st:80", "host:"])
    func noAddresses(text: String) async throws {
        let error = await #expect(throws: BackupError.self) { try await load(["BACKUP_HTTP": text]) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("BACKUP_HTTP is “\(text)”") == true)
    }

    @Test("A token that can be guessed is refused, and not shown", arguments: ["BACKUP_HTTP_TOKEN", "BACKUP_HTTP_READ_TOKEN"])
    func tokens(name: String) async throws {
        for value in ["short", "has a space in the middle", "нелатинские-буквы-здесь"] {
            let error = await #expect(throws: BackupError.self) { try await load([name: value]) }
            #expect(error?.message.contains(value) == false)
            #expect(error?.hint?.contains("openssl rand") == true)
        }
        let settings = try #require(try await load([name: "0123456789abcdef"]))
        #expect((name == "BACKUP_HTTP_TOKEN" ? settings.token : settings.readToken)?.reveal() == "0123456789abcdef")
    }

    @Test("TLS takes a certificate and its key, both")
    func tls() async throws {
        let settings = try await load(["BACKUP_HTTP_TLS_CERT": "/etc/c.pem", "BACKUP_HTTP_TLS_KEY": "/etc/k.pem"])
        #expect(settings?.tls == BackupHTTPSettings.TLSFiles(certificates: "/etc/c.pem", key: "/etc/k.pem"))
        let error = await #expect(throws: BackupError.self) { try await load(["BACKUP_HTTP_TLS_KEY": "/etc/k.pem"]) }
        #expect(error?.message == "BACKUP_HTTP_TLS_KEY is set in the environment, BACKUP_HTTP_TLS_CERT is not")
    }
}
