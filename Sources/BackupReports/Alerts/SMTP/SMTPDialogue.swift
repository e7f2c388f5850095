import BackupModel
import FoundationEssentials
import NIOCore

/// What is said, line by line. An answer is read to its end before the next command is sent.
struct SMTPDialogue {
    private var replies: NIOAsyncChannelInboundStream<String>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var capabilities = SMTPReply(code: 0, lines: [])
    private(set) var linesRead = 0

    init(replies: NIOAsyncChannelInboundStream<String>.AsyncIterator, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.replies = replies
        self.outbound = outbound
    }

    mutating func open() async throws {
        let greeting = try await reply()
        guard greeting.isPositive else { throw greeting.failure("the connection", isMendable: true) }
        try await greet()
    }

    /// Anew after TLS has begun: what was said before it counts for nothing (RFC 3207, 4.2).
    mutating func greet() async throws { capabilities = try await ask("EHLO localhost", "EHLO", isMendable: true) }

    mutating func beginTLS() async throws {
        guard capabilities.capability("STARTTLS") != nil else {
            throw DeliveryFailure(.later(nil), "the mail server has no STARTTLS, and nothing is sent in clear; smtps:// may be what it has")
        }
        _ = try await ask("STARTTLS", "STARTTLS", isMendable: true)
    }

    /// `PLAIN` where the server knows it, else `LOGIN` (RFC 4954). Refusals do not quote what was sent.
    mutating func authenticate(_ server: SMTPServer) async throws {
        guard let user = server.user, let password = server.password?.reveal() else { return }
        let mechanisms = capabilities.capability("AUTH") ?? []
        if mechanisms.contains("PLAIN") {
            _ = try await ask("AUTH PLAIN \(Self.base64("\0\(user)\0\(password)"))", "the login", isMendable: true)
        } else if mechanisms.contains("LOGIN") {
            _ = try await ask("AUTH LOGIN", "the login", isMendable: true)
            _ = try await ask(Self.base64(user), "the login", isMendable: true)
            _ = try await ask(Self.base64(password), "the login", isMendable: true)
        } else {
            throw DeliveryFailure(.later(nil), "the mail server knows no login of the kinds PLAIN and LOGIN")
        }
    }

    /// Readers the server does not know are no reason to leave the others without it; nobody at all is.
    mutating func hand(_ message: String, from: String, to: [String]) async throws {
        _ = try await ask("MAIL FROM:<\(Self.address(from))>", "the sender \(from)", isMendable: true)
        var refusal: DeliveryFailure?
        var taken = 0
        for reader in to {
            do {
                _ = try await ask("RCPT TO:<\(Self.address(reader))>", "the reader \(reader)")
                taken += 1
            } catch let failure as DeliveryFailure { refusal = failure }
        }
        if taken == 0, let refusal { throw refusal }
        _ = try await ask("DATA", "the message")
        _ = try await ask(Self.stuffed(message) + ".", "the message")
        // It is taken: whatever comes of the farewell, it is not sent again.
        try? await say("QUIT")
    }

    private mutating func ask(_ line: String, _ what: String, isMendable: Bool = false) async throws -> SMTPReply {
        try await say(line)
        let answer = try await reply()
        guard answer.isPositive else { throw answer.failure(what, isMendable: isMendable) }
        return answer
    }

    private func say(_ line: String) async throws { try await outbound.write(ByteBuffer(string: line + "\r\n")) }

    /// `250-one`, `250-two`, `250 last`.
    private mutating func reply() async throws -> SMTPReply {
        var answer = SMTPReply(code: 0, lines: [])
        while let line = try await replies.next(isolation: #isolation) {
            linesRead += 1
            guard line.count >= 3, let code = Int(line.prefix(3)) else {
                throw DeliveryFailure(.later(nil), "the server does not speak SMTP: \(line.prefix(60))")
            }
            answer.code = code
            answer.lines.append(String(line.dropFirst(4)))
            if line.dropFirst(3).first != "-" { return answer }
        }
        throw DeliveryFailure(.later(nil), "the mail server closed the connection")
    }
}

extension SMTPDialogue {
    /// A line that begins with a dot would end the message there (RFC 5321, 4.5.2).
    static func stuffed(_ message: String) -> String {
        message.hasPrefix(".") ? "." + message.replacing("\r\n.", with: "\r\n..") : message.replacing("\r\n.", with: "\r\n..")
    }

    /// The address alone of `Backup <backup@example.org>`.
    static func address(_ text: String) -> String {
        guard let begin = text.lastIndex(of: "<"), let end = text.lastIndex(of: ">"), begin < end else { return text }
        return String(text[text.index(after: begin)..<end])
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
