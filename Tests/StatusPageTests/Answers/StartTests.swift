import BackupModel
import StatusPage
import Testing

@Suite("Starting a run over HTTP")
struct StartTests {
    @Test("A backup, and the verification of a point, are started with the token")
    func starts() async throws {
        try await withStatusServer { server in
            let backup = try await server.start(#"{"kind":"backup"}"#)
            #expect(backup.status == 202)
            #expect(backup.headers["location"] == "/api/runs/20261126T100500Z-backup-77aa")
            let verification = try await server.start(#"{"kind":"verification","point":"20261126T020000Z"}"#)
            #expect(verification.status == 202)
            let point = try #require(RecoveryPointID("20261126T020000Z"))
            #expect(server.starter.orders == [.backup, .verification(of: point)])
        }
    }

    @Test(
        "What means nothing starts nothing",
        arguments: [
            "", "{}", "[]", "nonsense", #"{"kind":"prune"}"#, #"{"kind":"verification"}"#, #"{"kind":"verification","point":"latest"}"#,
            #"{"kind":7}"#,
        ])
    func meaningless(body: String) async throws {
        try await withStatusServer { server in
            let answer = try await server.start(body)
            #expect(answer.status == 400)
            #expect(server.starter.orders.isEmpty)
        }
    }

    @Test("A body that is too large, or of another type, starts nothing")
    func wrongBodies() async throws {
        try await withStatusServer { server in
            let large = #"{"kind":"backup","padding":""# + String(repeating: "x", count: 5000) + #""}"#
            let tooLarge = try await server.start(large)
            #expect(tooLarge.status == 413)
            let noJSON = try await server.start(#"{"kind":"backup"}"#, headers: ["Content-Type": "text/plain"])
            #expect(noJSON.status == 415)
            #expect(server.starter.orders.isEmpty)
        }
    }

    @Test("A body that ends before its time is the sender's mistake, and starts nothing", arguments: ["json", "x-www-form-urlencoded"])
    func truncated(type: String) async throws {
        try await withStatusServer { server in
            let connection = try await RawConnection.open(port: server.port)
            let head = "POST /api/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(sampleToken)\r\nContent-Length: 40\r\n"
            connection.send(Array("\(head)Content-Type: application/\(type)\r\n\r\n{\"kind\":".utf8))
            connection.endSending()
            let answer = String(decoding: try await connection.answer(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(server.starter.orders.isEmpty)
        }
    }

    /// A start in words of our own, and the answer to it.
    private func send(_ headers: [String], _ body: String, to server: StatusServerUnderTest) async throws -> String {
        let connection = try await RawConnection.open(port: server.port)
        let own = ["POST /api/runs HTTP/1.1", "Host: localhost", "Authorization: Bearer \(sampleToken)", "Content-Type: application/json"]
        let head = own + headers
        connection.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        connection.endSending()
        return String(decoding: try await connection.answer(), as: UTF8.self)
    }

    @Test("A body that does not say how long it is is not read to its end, either", arguments: [(100, true), (5000, false)])
    func chunked(length: Int, isTaken: Bool) async throws {
        try await withStatusServer { server in
            let body = #"{"kind":"backup","padding":""# + String(repeating: "x", count: length) + #""}"#
            let chunk = "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            let answer = try await send(["Transfer-Encoding: chunked"], chunk, to: server)
            #expect(answer.hasPrefix(isTaken ? "HTTP/1.1 202 " : "HTTP/1.1 413 "), "\(answer)")
            #expect(server.starter.orders == (isTaken ? [.backup] : []))
        }
    }

    @Test(
        "Headers that are too large, or too many, start nothing, and end the connection",
        // The bounds are 8 KiB for a field, 16 KiB for all, and 64 fields, of which four are the request's own.
        arguments: [(1, 8100, true), (1, 8200, false), (2, 8000, true), (2, 8170, false), (60, 10, true), (61, 10, false)])
    func wrongHeaders(count: Int, length: Int, isTaken: Bool) async throws {
        try await withStatusServer { server in
            let body = #"{"kind":"backup"}"#
            let padding = (0..<count).map { "X-Padding-\($0): " + String(repeating: "x", count: length) }
            let answer = try await send(padding + ["Content-Length: \(body.utf8.count)"], body, to: server)
            #expect(answer.hasPrefix("HTTP/1.1 202 ") == isTaken, "\(answer)")
            #expect(isTaken || answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(server.starter.orders == (isTaken ? [.backup] : []))
            #expect(try await server.ask("/health").status == 200)
        }
    }

    @Test("Where a run is under way its id is told")
    func alreadyRunning() async throws {
        let starter = NotingStarter { _ in .alreadyRunning("20261126T100300Z-backup-1b7e") }
        try await withStatusServer(starter: starter) { server in
            let answer = try await server.start(#"{"kind":"backup"}"#)
            #expect(answer.status == 409)
            #expect(answer.body.contains(#""run":"20261126T100300Z-backup-1b7e""#))
        }
    }

    @Test("An error of the machinery is shown with its hint")
    func failures() async throws {
        let starter = NotingStarter { _ in
            throw BackupError(.sourceUnreachable, "cannot connect to postgres", hint: "See whether it runs.")
        }
        try await withStatusServer(starter: starter) { server in
            let answer = try await server.start(#"{"kind":"backup"}"#)
            #expect(answer.status == 503)
            #expect(answer.body.contains(#""hint":"See whether it runs.""#))
        }
    }

    @Test("The page's form needs no script: the token is in its body, and the answer leads to the run")
    func form() async throws {
        try await withStatusServer { server in
            let type = ["Content-Type": "application/x-www-form-urlencoded"]
            let answer = try await server.ask("/api/runs", "POST", headers: type, body: "kind=backup&point=&token=\(sampleToken)")
            #expect(answer.status == 303)
            #expect(answer.headers["location"] == "/runs/20261126T100500Z-backup-77aa")
            let refused = try await server.ask("/api/runs", "POST", headers: type, body: "kind=backup&token=wrong")
            #expect(refused.status == 401)
            #expect(server.starter.orders == [.backup])
        }
    }

    @Test("It leads there in the language that was chosen on the page, also to a run that was under way", arguments: [true, false])
    func chosenLanguage(isFirst: Bool) async throws {
        let id = "20261126T100300Z-backup-1b7e"
        try await withStatusServer(starter: NotingStarter { _ in isFirst ? .started(id) : .alreadyRunning(id) }) { server in
            let type = ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"]
            let body = "kind=backup&token=\(sampleToken)"
            let chosen = try await server.ask("/api/runs?lang=ru", "POST", headers: type, body: body)
            #expect(chosen.status == 303)
            #expect(chosen.headers["location"] == "/runs/\(id)?lang=ru")
            let free = try await server.ask("/api/runs", "POST", headers: type, body: body)
            #expect(free.headers["location"] == "/runs/\(id)")
        }
    }
}
