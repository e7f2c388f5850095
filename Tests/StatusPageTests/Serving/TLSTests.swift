import BackupModel
import BackupTestKit
import StatusPage
import SystemPackage
import Testing

@Suite("HTTPS")
struct TLSTests {
    @Test("With a certificate the service speaks TLS, 1.2 or later, and nothing else")
    func tls() async throws {
        try requireProgram("openssl", package: "openssl")
        try await withTemporaryFolder { folder in
            let files = BackupHTTPSettings.TLSFiles(certificates: "\(folder)/server.crt", key: "\(folder)/server.key")
            try await Certificates.make(files.certificates, key: files.key)
            try await withStatusServer(settings: BackupHTTPSettings(token: Secret(sampleToken), tls: files)) { server in
                let answer = try await server.ask("/health")
                #expect(answer.status == 200)
                // Security level 0: else the client itself would not speak what is old, and the service would not be asked.
                let client = ["s_client", "-connect", "127.0.0.1:\(server.port)", "-cipher", "DEFAULT@SECLEVEL=0"]
                for version in try await spoken(of: ["-tls1", "-tls1_1"]) {
                    let old = try await Command("openssl", client + [version]).outcome()
                    // The client refuses by itself: the service was not asked.
                    if old.errors.contains("no protocols available") { continue }
                    #expect(old.status != 0 && old.errors.contains("alert protocol version"), "\(version): \(old)")
                }
                for version in ["-tls1_2", "-tls1_3"] {
                    let new = try await Command("openssl", client + [version]).outcome()
                    #expect(new.status == 0 && new.output.contains("BEGIN CERTIFICATE"), "\(version): \(new)")
                }
                let plain = try await RawConnection.open(port: server.port)
                plain.send(Array("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                let bytes = try await plain.answer()
                #expect(!String(decoding: bytes, as: UTF8.self).contains("HTTP/1.1"))
            }
        }
    }

    /// Those of the versions that this openssl is built with.
    private func spoken(of versions: [String]) async throws -> [String] {
        let help = try await Command("openssl", ["s_client", "-help"]).outcome()
        let words = (help.output + help.errors).split(whereSeparator: \.isWhitespace).map(String.init)
        try #require(words.contains("-tls1_2"), "\(help)")
        return versions.filter { words.contains($0) }
    }

    @Test("A certificate that is none is said before anything is served")
    func wrongFiles() async throws {
        let settings = BackupHTTPSettings(tls: .init(certificates: "/etc/hostname", key: "/nowhere.pem"))
        let error = await #expect(throws: BackupError.self) { try await withStatusServer(settings: settings) { _ in } }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("BACKUP_HTTP_TLS_CERT") == true)
    }

    @Test("An address somebody else listens on is named")
    func occupied() async throws {
        try await withStatusServer { server in
            let settings = BackupHTTPSettings(address: ListenAddress(host: "127.0.0.1", port: server.port))
            let error = await #expect(throws: BackupError.self) {
                try await withStatusServer(settings: settings, port: server.port) { _ in }
            }
            #expect(error?.message.contains("cannot listen on 127.0.0.1:\(server.port): the address is in use") == true)
            #expect(error?.hint?.contains("ss -ltnp") == true)
        }
    }
}
