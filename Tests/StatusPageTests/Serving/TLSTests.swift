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
                let old = try await Command("openssl", ["s_client", "-connect", "127.0.0.1:\(server.port)", "-tls1_1"]).outcome()
                #expect(old.status != 0)
                let plain = try await RawConnection.open(port: server.port)
                plain.send(Array("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                let bytes = try await plain.answer()
                #expect(!String(decoding: bytes, as: UTF8.self).contains("HTTP/1.1"))
            }
        }
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
