import Glibc
package import SystemPackage
import Testing

/// A mail server that is not ours (aiosmtpd), on 127.0.0.1; it keeps what it takes, and hands nothing on.
package struct MailServer: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Nothing before `STARTTLS`, no message without a login.
        case upgraded
        /// TLS from the first byte, and a login.
        case implicit
        /// Neither.
        case plain
    }

    package let port: Int
    package let folder: FilePath
    package static let user = "backup"
    package static let password = "s3cret pass"

    /// What signed the server's certificate, which is for `localhost` alone.
    package var authorities: String { folder.appending("server.crt").string }
}

/// Runs `body` with a mail server; skips where there is none.
package func withMailServer<Value: Sendable>(_ kind: MailServer.Kind, _ body: (MailServer) async throws -> Value) async throws -> Value {
    try requireProgram("openssl", package: "openssl")
    guard access("/usr/lib/python3/dist-packages/aiosmtpd/controller.py", R_OK) == 0 else {
        let missing = ProgramMissing(name: "aiosmtpd", package: "python3-aiosmtpd")
        if PostgresInstallation.isContinuousIntegration { throw missing }
        try Test.cancel("\(missing)")
    }
    let port = try FreePort.any()
    return try await withSupervised(MailServer.script, [kind.rawValue, "\(port)", MailServer.user, MailServer.password]) { folder in
        try await body(MailServer(port: port, folder: folder))
    }
}

extension MailServer {
    /// Every message it took: its envelope in a line of its own, then the message.
    package func messages() async throws -> [String] {
        let names = try await Command("ls", [folder.appending("mail").string]).output().split(separator: "\n")
        var messages: [String] = []
        for name in names { messages.append(try await Command("cat", [folder.appending("mail/\(name)").string]).output()) }
        return messages
    }

    static let script = """
        mkdir mail
        openssl req -new -x509 -days 3 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost \
            -out server.crt -keyout server.key || fail
        cat >server.py <<'END'
        import pathlib, ssl, sys, threading
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult, LoginPassword

        kind, port, user, password = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]

        class Handler:
            count = 0
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.startswith("unknown@"):
                    return "550 5.1.1 no such user here"
                envelope.rcpt_tos.append(address)
                return "250 OK"
            async def handle_DATA(self, server, session, envelope):
                Handler.count += 1
                head = f"{envelope.mail_from} -> {' '.join(envelope.rcpt_tos)} tls={session.ssl is not None or kind == 'implicit'}"
                path = pathlib.Path("mail") / f"{Handler.count:03}"
                path.with_suffix(".new").write_bytes(head.encode() + bytes([10]) + envelope.content)
                path.with_suffix(".new").rename(path)
                return "250 taken"

        def authenticate(server, session, envelope, mechanism, data):
            good = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
            return AuthResult(success=good, handled=False)

        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain("server.crt", "server.key")
        options = dict(hostname="127.0.0.1", port=port)
        if kind == "upgraded":
            options |= dict(tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True)
        if kind == "implicit":
            options |= dict(ssl_context=context, authenticator=authenticate, auth_required=True, auth_require_tls=False)
        Controller(Handler(), **options).start()
        print("listening", flush=True)
        threading.Event().wait()
        END
        exec 4< <(exec /usr/bin/python3 server.py "$@" 2>>log)
        pids+=($!)
        read -r line <&4 || fail
        echo ready >&3
        """
}
