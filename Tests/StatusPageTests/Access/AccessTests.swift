import BackupModel
import StatusPage
import Testing

@Suite("Who may read and change over HTTP")
struct AccessTests {
    private static func basic(_ text: String) -> String {
        // admin:0123456789abcdef-reading and so on; encoded by hand, as clients do.
        "Basic " + Base64.encode(Array(text.utf8))
    }

    @Test("Without a token of its own the service changes nothing")
    func changesAreOff() async throws {
        try await withStatusServer(settings: BackupHTTPSettings()) { server in
            let answer = try await server.start(#"{"kind":"backup"}"#, token: "anything at all")
            #expect(answer.status == 403)
            #expect(answer.body.contains("BACKUP_HTTP_TOKEN"))
            #expect(server.starter.orders.isEmpty)
        }
    }

    @Test(
        "Nothing but the token opens a change",
        arguments: [
            nil, "", "Bearer", "Bearer ", "Bearer wrong-wrong-wrong", "Bearer \(sampleToken)x", "Bearer \(sampleReadToken)",
            "Basic eDp5", basic("x:\(sampleToken)"), "Digest \(sampleToken)", sampleToken,
        ])
    func wrongTokens(authorization: String?) async throws {
        let settings = BackupHTTPSettings(token: Secret(sampleToken), readToken: Secret(sampleReadToken))
        try await withStatusServer(settings: settings) { server in
            let headers = authorization.map { ["Authorization": $0] } ?? [:]
            let answer = try await server.start(#"{"kind":"backup"}"#, token: nil, headers: headers)
            #expect(answer.status == 401)
            #expect(answer.headers["www-authenticate"] == #"Bearer realm="backups""#)
            #expect(server.starter.orders.isEmpty)
        }
    }

    @Test("Reading can be limited to those who have a token; probes are not")
    func limitedReading() async throws {
        let settings = BackupHTTPSettings(token: Secret(sampleToken), readToken: Secret(sampleReadToken))
        try await withStatusServer(settings: settings) { server in
            for path in ["/", "/runs", "/metrics", "/api/points", "/api/runs", "/api/health", "/api/now", "/icon.svg"] {
                let refused = try await server.ask(path)
                #expect(refused.status == 401, "\(path)")
                #expect(refused.headers["www-authenticate"]?.contains("Basic") == true)
                for given in ["Bearer \(sampleReadToken)", "Bearer \(sampleToken)", Self.basic("anyone:\(sampleReadToken)")] {
                    #expect(try await server.ask(path, headers: ["Authorization": given]).status == 200, "\(path)")
                }
            }
            for path in ["/health", "/ready", "/api/openapi.json"] { #expect(try await server.ask(path).status == 200, "\(path)") }
        }
    }

    @Test("Ten wrong tokens a minute, then even the right one has to wait")
    func failuresAreLimited() async throws {
        let clock = MovableNow()
        try await withStatusServer(now: { clock.now }) { server in
            for _ in 0..<10 { #expect(try await server.start(#"{"kind":"backup"}"#, token: "wrong").status == 401) }
            let refused = try await server.start(#"{"kind":"backup"}"#)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "60")
            #expect(server.starter.orders.isEmpty)
            clock.advance(.seconds(61))
            #expect(try await server.start(#"{"kind":"backup"}"#).status == 202)
        }
    }

    @Test("Changes are limited, too")
    func changesAreLimited() async throws {
        try await withStatusServer { server in
            var statuses: [Int] = []
            for _ in 0..<25 { statuses.append(try await server.start(#"{"kind":"backup"}"#).status) }
            #expect(statuses == Array(repeating: 202, count: 20) + Array(repeating: 429, count: 5))
            #expect(server.starter.orders.count == 20)
        }
    }

    @Test("Questions are limited, too, but for probes, and take nothing from changes")
    func questionsAreLimited() async throws {
        let clock = MovableNow()
        try await withStatusServer(limits: StatusServerLimits(readings: 30), now: { clock.now }) { server in
            for number in 1...30 { #expect(try await server.ask("/icon.svg").status == 200, "\(number)") }
            for path in ["/", "/metrics", "/api/points", "/api/openapi.json"] {
                let refused = try await server.ask(path)
                #expect(refused.status == 429, "\(path)")
                #expect(refused.headers["retry-after"] == "60")
            }
            for path in ["/health", "/ready"] { #expect(try await server.ask(path).status == 200, "\(path)") }
            #expect(try await server.start(#"{"kind":"backup"}"#).status == 202)
            clock.advance(.seconds(61))
            #expect(try await server.ask("/").status == 200)
        }
    }

    private typealias Ask = @Sendable (StatusServerUnderTest) async throws -> StatusServerUnderTest.Answer

    /// What is refused before anybody has shown a token.
    private static let refusals: [(status: Int, ask: Ask)] = {
        let backup = #"{"kind":"backup"}"#
        return [
            (401, { try await $0.start(backup, token: nil) }),
            (403, { try await $0.start(backup, headers: ["Origin": "https://evil.example"]) }),
            (404, { try await $0.ask("/nowhere") }), (405, { try await $0.ask("/metrics", "DELETE") }),
            (413, { try await $0.ask("/api/runs", "POST", headers: form, body: "token=" + String(repeating: "x", count: 5000)) }),
            (401, { try await $0.start(backup, token: nil, headers: ["Content-Type": "text/plain"]) }),
            (421, { try await $0.ask("/health", headers: ["Host": "evil.example"]) }),
        ]
    }()

    private static let form = ["Content-Type": "application/x-www-form-urlencoded"]

    @Test("What is refused is a question, too, and takes nothing from probes and changes", arguments: refusals.indices)
    func refusalsAreLimited(index: Int) async throws {
        let (status, ask) = Self.refusals[index]
        let clock = MovableNow()
        try await withStatusServer(limits: StatusServerLimits(readings: 30), now: { clock.now }) { server in
            for number in 1...30 { #expect(try await ask(server).status == status, "\(number)") }
            for refused in [try await ask(server), try await server.ask("/")] {
                #expect(refused.status == 429)
                #expect(refused.headers["retry-after"] == "60")
            }
            #expect(try await server.ask("/health").status == 200)
            #expect(try await server.start(#"{"kind":"backup"}"#).status == 202)
            clock.advance(.seconds(61))
            #expect(try await ask(server).status == status)
        }
    }

    @Test("Where nothing can be changed, asking for it is a question")
    func refusedChangesAreLimited() async throws {
        try await withStatusServer(settings: BackupHTTPSettings(), limits: StatusServerLimits(readings: 30)) { server in
            for number in 1...31 {
                let answer = try await server.start(#"{"kind":"backup"}"#)
                #expect(answer.status == (number == 31 ? 429 : 403))
            }
        }
    }

    @Test("Nobody is kept out for a few mistakes of every kind")
    func mistakes() async throws {
        try await withStatusServer { server in
            for (status, ask) in Self.refusals {
                for _ in 1...20 {
                    let answer = try await ask(server)
                    #expect(answer.status == status)
                }
            }
            #expect(try await server.ask("/").status == 200)
            #expect(try await server.start(#"{"kind":"backup"}"#).status == 202)
        }
    }

    @Test("A page of somebody else's starts nothing, even with the token")
    func foreignPages() async throws {
        try await withStatusServer { server in
            for headers in [
                ["Origin": "https://evil.example"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"],
            ] {
                let refused = try await server.start(#"{"kind":"backup"}"#, headers: headers)
                #expect(refused.status == 403, "\(headers)")
            }
            let ours = try await server.start(
                #"{"kind":"backup"}"#, headers: ["Origin": server.url, "Sec-Fetch-Site": "same-origin"])
            #expect(ours.status == 202)
            #expect(server.starter.orders == [.backup])
        }
    }

    @Test("Asked by a name that is not its own, a service of this machine alone says nothing")
    func rebinding() async throws {
        try await withStatusServer(settings: BackupHTTPSettings(hosts: ["backup.example.org"])) { server in
            for host in ["evil.example", "127.0.0.1.evil.example:8085", "localhost.evil.example"] {
                let answer = try await server.ask("/api/points", headers: ["Host": host])
                #expect(answer.status == 421, "\(host)")
                #expect(!answer.body.contains("2026"))
            }
            for host in ["localhost:8085", "LOCALHOST", "127.0.0.1", "[::1]:8085", "backup.example.org", "10.1.2.3"] {
                #expect(try await server.ask("/api/points", headers: ["Host": host]).status == 200, "\(host)")
            }
        }
    }

    @Test("Every answer says what a browser may do with it: nothing")
    func safetyHeaders() async throws {
        try await withStatusServer { server in
            for path in ["/", "/api/points", "/nowhere", "/metrics"] {
                let headers = try await server.ask(path).headers
                let policy = try #require(headers["content-security-policy"])
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(headers["x-content-type-options"] == "nosniff")
                #expect(headers["cache-control"] == "no-store")
                #expect(headers["referrer-policy"] == "same-origin")
            }
        }
    }
}
