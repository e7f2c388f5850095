import BackupModel
import BackupTestKit
import Logging
import StatusPage
import Synchronization
import SystemPackage
import Testing

@Suite("A certificate that is renewed", .timeLimit(.minutes(5)))
struct CertificateRenewalTests {
    @Test("It is served to whoever comes next, by the same server, when it is asked to look and when it is not")
    func renewal() async throws {
        try await withCertificate { certificate, files, said in
            let settings = BackupHTTPSettings(token: Secret(sampleToken), tls: files)
            try await withStatusServer(settings: settings, certificate: certificate) { server in
                let before = try await Certificates.fingerprint(at: server.port)
                #expect(try await Certificates.fingerprint(of: files.certificates) == before)
                await certificate.look()
                #expect(said.lines.isEmpty)
                for renew in [{ await certificate.renew(files) }, { await certificate.look() }] {
                    try await Certificates.make(files.certificates, key: files.key)
                    await renew()
                    let served = try await Certificates.fingerprint(at: server.port)
                    #expect(try await Certificates.fingerprint(of: files.certificates) == served)
                    #expect(served != before)
                }
                #expect(said.lines.count == 2 && said.lines.allSatisfy { $0.contains("HTTPS goes on with a new certificate, valid until") })
            }
        }
    }

    @Test("One that is of no use leaves the old one in its place, and that is said", arguments: Fault.allCases)
    func useless(fault: Fault) async throws {
        try await withCertificate { certificate, files, said in
            try await withStatusServer(settings: BackupHTTPSettings(tls: files), certificate: certificate) { server in
                let before = try await Certificates.fingerprint(at: server.port)
                try await fault.befall(files)
                await certificate.look()
                #expect(try await Certificates.fingerprint(at: server.port) == before)
                let line = try #require(said.lines.first)
                #expect(line.hasPrefix("error: the certificate of HTTPS was not renewed, the old one stays, valid until 20"), "\(line)")
                #expect(line.contains(files.certificates) || line.contains(files.key), "\(line)")
                #expect(!line.contains("PRIVATE KEY"))
                // Nothing more is said of it until it changes again.
                await certificate.look()
                #expect(said.lines.count { $0.hasPrefix("error") } == 1)
            }
            // A server that is made anew for another reason goes on with the old one, too.
            try await withStatusServer(settings: BackupHTTPSettings(tls: files), certificate: certificate) { server in
                let answer = try await server.ask("/health")
                #expect(answer.status == 200)
            }
        }
    }

    enum Fault: CaseIterable {
        case noCertificate, noFile, anotherKey

        func befall(_ files: BackupHTTPSettings.TLSFiles) async throws {
            switch self {
            case .noCertificate: try await Command("tee", [files.certificates]).output(input: "this is none\n")
            case .noFile: try await Command("rm", [files.key]).output()
            case .anotherKey: try await Certificates.make(files.certificates + ".other", key: files.key)
            }
        }
    }
}

/// What was logged, `level: message`.
private final class Said: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    var logger: Logger { Logger(label: "certificate") { _ in SaidHandler(said: self) } }
    func take(_ line: String) { kept.withLock { $0.append(line) } }
}

private struct SaidHandler: LogHandler {
    let said: Said
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(said: Said) { self.said = said }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { said.take("\(event.level): \(event.message)") }
}

private func withCertificate(_ body: (ServedCertificate, BackupHTTPSettings.TLSFiles, Said) async throws -> Void) async throws {
    try requireProgram("openssl", package: "openssl")
    try await withTemporaryFolder { folder in
        let files = BackupHTTPSettings.TLSFiles(certificates: "\(folder)/server.crt", key: "\(folder)/server.key")
        try await Certificates.make(files.certificates, key: files.key)
        let said = Said()
        try await body(ServedCertificate(logger: said.logger), files, said)
    }
}
