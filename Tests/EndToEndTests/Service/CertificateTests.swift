import BackupTestKit
import Testing

@Suite("The service's certificate", .timeLimit(.minutes(5)))
struct CertificateTests {
    @Test("SIGHUP has a new one served while the service goes on listening; with one that is of no use it keeps what it has")
    func renewal() async throws {
        try requireServer(15)
        try requireProgram("openssl", package: "openssl")
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let port = try FreePort.any()
                let (certificate, key) = ("\(admin.folder)/../server.crt", "\(admin.folder)/../server.key")
                try await Certificates.make(certificate, key: key)
                let settings = [
                    "BACKUP_HTTP": "127.0.0.1:\(port)", "BACKUP_HTTP_TLS_CERT": certificate, "BACKUP_HTTP_TLS_KEY": key,
                    "BACKUP_SCHEDULE": "none",
                ]
                let outcome = try await withNotifySocket { socket in
                    try await admin.service(database, telling: socket, settings).outcome { program in
                        try await socket.message(holding: "READY=1")
                        let first = try await Certificates.fingerprint(at: port)
                        try await Certificates.make(certificate, key: key)
                        try await program.reload(socket)
                        let second = try await Certificates.fingerprint(at: port)
                        #expect(try await second == Certificates.fingerprint(of: certificate))
                        #expect(second != first)
                        try await Command("tee", [certificate]).output(input: "nothing\n")
                        try await program.reload(socket)
                        #expect(try await Certificates.fingerprint(at: port) == second)
                        try program.send(.terminate)
                    }
                }
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.errors.ranges(of: "listening on https://").count == 1, "\(outcome.errors)")
                #expect(outcome.errors.contains("NOTICE: HTTPS goes on with a new certificate, valid until "), "\(outcome.errors)")
                #expect(outcome.errors.contains("ERROR: the certificate of HTTPS was not renewed, the old one stays"), "\(outcome.errors)")
            }
        }
    }
}

extension RunningCommand {
    /// Has a service read its settings again, and waits until it has.
    fileprivate func reload(_ socket: NotifySocket) async throws {
        try send(.hangUp)
        try await socket.message(holding: "RELOADING=1")
        try await socket.message(holding: "READY=1")
    }
}
