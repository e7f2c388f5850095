import BackupModel
import BackupTestKit
import Testing

@testable import BackupReports

@Suite("Mail over the network")
struct SMTPClientTests {
    private func server(_ mail: MailServer, _ scheme: String, login: Bool = true, password: String = MailServer.password) throws
        -> SMTPServer
    {
        let credentials = login ? "\(MailServer.user):\(password.replacing(" ", with: "%20"))@" : ""
        return try #require(SMTPServer(url: "\(scheme)://\(credentials)localhost:\(mail.port)", authorities: mail.authorities))
    }

    private func send(_ server: SMTPServer, to: [String] = ["dba@example.org", "devops@example.org"]) async -> DeliveryFailure? {
        let message = MailMessage(
            from: "Backup <backup@example.org>", to: to, subject: "Сбой", text: "текст\n", thread: "t", id: "1", date: Scene.now)
        do throws(DeliveryFailure) {
            try await SMTPClient(server: server).send(message.encoded, from: message.from, to: to)
            return nil
        } catch { return error }
    }

    @Test(
        "Goes over STARTTLS with a login, and from the first byte in TLS",
        arguments: [(MailServer.Kind.upgraded, "smtp"), (.implicit, "smtps")])
    func secure(kind: MailServer.Kind, scheme: String) async throws {
        try await withMailServer(kind) { mail in
            var server = try server(mail, scheme)
            // On this machine it would go without; here it has to.
            if kind == .upgraded { server.security = .upgraded }
            #expect(await send(server) == nil)
            let messages = try await mail.messages()
            #expect(messages.count == 1)
            #expect(messages[0].hasPrefix("backup@example.org -> dba@example.org devops@example.org tls=True\n"))
            #expect(messages[0].contains("Subject: =?utf-8?B?"))
        }
    }

    @Test("A wrong password and a certificate nobody vouches for are no reason to give the message up")
    func mendable() async throws {
        try await withMailServer(.implicit) { mail in
            let stray = try server(mail, "smtps", password: "wrong")
            let refused = try #require(await send(stray))
            #expect(refused.kind == .later(nil))
            #expect(refused.reason.contains("refused the login with 535"))
            #expect(!refused.reason.contains("wrong"))
            var stranger = try server(mail, "smtps")
            stranger.authorities = nil
            let untrusted = try #require(await send(stranger))
            #expect(untrusted.kind == .later(nil))
            #expect(untrusted.reason.hasPrefix("TLS with localhost:"))
            #expect(try await mail.messages() == [])
        }
    }

    @Test("A server without STARTTLS gets no password, but for one on this machine")
    func plain() async throws {
        try await withMailServer(.plain) { mail in
            var server = try server(mail, "smtp")
            server.security = .upgraded
            let failure = try #require(await send(server))
            #expect(failure.reason.contains("no STARTTLS"))
            #expect(await send(try self.server(mail, "smtp", login: false)) == nil)
            #expect(try await mail.messages().map { $0.contains("tls=False") } == [true])
        }
    }

    @Test("A reader the server does not know keeps it from none of the others")
    func readers() async throws {
        try await withMailServer(.plain) { mail in
            let server = try server(mail, "smtp", login: false)
            #expect(await send(server, to: ["unknown@example.org", "dba@example.org"]) == nil)
            let nobody = try #require(await send(server, to: ["unknown@example.org"]))
            #expect(nobody.kind == .refused)
            #expect(nobody.reason.contains("550"))
            #expect(try await mail.messages().count == 1)
        }
    }

    @Test("A server that is not there is one to try again")
    func absent() async throws {
        let server = try #require(SMTPServer(url: "smtp://127.0.0.1:1"))
        let failure = try #require(await send(server))
        #expect(failure.kind == .later(nil))
        #expect(failure.reason == "no connection to 127.0.0.1:1")
    }
}
