import BackupModel
import BackupTestKit
import Testing

@testable import BackupReports

@Suite("Messages by e-mail")
struct MailMessageTests {
    private func mail(_ subject: String, _ text: String) -> MailMessage {
        MailMessage(
            from: "Backup <backup@example.org>", to: ["dba@example.org", "devops@example.org"], subject: subject, text: text,
            thread: "call-center-backup/postgres", id: "call-center-backup/postgres#7", date: Scene.now)
    }

    /// What Python's parser, which is not ours, reads in a message.
    private func parsed(_ mail: MailMessage) async throws -> [String] {
        try requireProgram("python3", package: "python3")
        let program = """
            import sys, email, email.policy
            message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            assert not message.defects, message.defects
            for name in ["From", "To", "Subject", "Date", "Auto-Submitted", "References"]: print(message[name])
            print(message.get_content(), end="")
            """
        return try await Command("python3", ["-c", program]).output(input: mail.encoded).split(separator: "\n").map(String.init)
    }

    @Test(
        "Are read by others as they were meant",
        arguments: ["Backup Failed: plain", "Сбой резервной копии — «колл-центр» не в безопасности 🔥"])
    func subjects(subject: String) async throws {
        let lines = try await parsed(mail(subject, "первая\n.\n..точки\nlast\n"))
        #expect(
            lines == [
                "Backup <backup@example.org>", "dba@example.org, devops@example.org", subject, "Sat, 14 Feb 2026 09:00:00 +0000",
                "auto-generated", "<call-center-backup.postgres@example.org>", "первая", ".", "..точки", "last",
            ])
    }

    @Test("Hold no line that is longer than others take, and nothing but ASCII")
    func lines() {
        let text = mail(String(repeating: "длинно ", count: 60), String(repeating: "x", count: 5000)).encoded
        #expect(text.utf8.allSatisfy { $0 < 128 })
        let lines = text.split(separator: "\r\n")
        // RFC 5322, 2.1.1; only an identifier cannot be folded.
        #expect(lines.filter { $0.utf8.count > 78 }.map { $0.prefix(11) } == [])
    }

    @Test("A line end in a subject begins no header of its own")
    func injection() {
        #expect(!mail("a\r\nBcc: evil@example.org", "").encoded.contains("\r\nBcc:"))
    }

    @Test("Lines that begin with a dot are stuffed")
    func dots() {
        #expect(SMTPDialogue.stuffed(".a\r\n.\r\nb\r\n") == "..a\r\n..\r\nb\r\n")
    }

    @Test("Dates before and after leap days have their weekday")
    func dates() {
        #expect(MailDate.text(Instant(secondsSinceEpoch: 0)) == "Thu, 01 Jan 1970 00:00:00 +0000")
        #expect(MailDate.text(Instant(secondsSinceEpoch: 1_709_164_800)) == "Thu, 29 Feb 2024 00:00:00 +0000")
    }

    @Test(
        "URLs of mail servers say what security there is",
        arguments: [
            ("smtp://mail.example.org", SMTPServer.Security.upgraded, 587), ("smtps://u:p%40ss@mail.example.org", .implicit, 465),
            ("smtp://localhost:25", .none, 25), ("smtp://127.0.0.1:2525", .none, 2525),
        ])
    func servers(url: String, security: SMTPServer.Security, port: Int) throws {
        let server = try #require(SMTPServer(url: url))
        #expect(server.security == security && server.port == port)
        for text in ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h/path"] {
            #expect(SMTPServer(url: text) == nil, "\(text)")
        }
        #expect(SMTPServer(url: "smtps://u:p%40ss@h")?.password == Secret("p@ss"))
    }
}
