import BackupModel
import BackupTestKit
import Testing

@testable import OutboundHTTP

@Suite("The question whether the service lives")
struct ServiceQuestionTests {
    private func ask(_ address: String, tls: Bool = false, within limit: Duration = .seconds(20)) async throws -> ServiceQuestion.Answer {
        let files = tls ? BackupHTTPSettings.TLSFiles(certificates: "unread", key: "unread") : nil
        return await ServiceQuestion(BackupHTTPSettings(address: try #require(ListenAddress(address)), tls: files)).ask(within: limit)
    }

    @Test("is put to this machine where the service listens everywhere, and is told the status", arguments: [200, 401, 503])
    func status(status: Int) async throws {
        // As the service itself refuses.
        let headers = status == 401 ? ["content-type": "application/problem+json"] : [:]
        let reply = ScriptedReply.answer(status, headers: headers, #"{"status":"alive"}"#)
        try await withScriptedHTTP({ $0.path == "/health" ? reply : .answer(404, "") }) { server in
            for host in ["127.0.0.1", "localhost", ""] {
                let answer = try await ask("\(host):\(server.port)")
                #expect(answer == (status == 200 ? .alive(nil) : .status(status)))
            }
        }
    }

    @Test("and whose it is, where it says so")
    func fingerprint() async throws {
        let said = #"{"installation":"aa","settings":"bb","status":"alive"}"#
        try await withScriptedHTTP({ _ in .answer(200, said) }) { server in
            let answer = try await ask("127.0.0.1:\(server.port)")
            #expect(answer == .alive(ServiceFingerprint(installation: "aa", settings: "bb")) && answer.isAlive)
        }
        let files = #"{"files":{"1c":"2d"},"installation":"aa","settings":"bb","status":"alive"}"#
        try await withScriptedHTTP({ _ in .answer(200, files) }) { server in
            let answer = try await ask("127.0.0.1:\(server.port)")
            #expect(answer == .alive(ServiceFingerprint(installation: "aa", settings: "bb", files: ["1c": "2d"])))
        }
    }

    @Test(
        "Somebody else is told by what he says and who he says he is",
        arguments: [
            (ScriptedReply.answer(200, "{}"), "200 ({})"), (.answer(200, ""), "200"),
            (.answer(200, headers: ["server": "nginx/1.22.1"], "<html>Welcome</html>"), "200 (nginx/1.22.1)"),
            (.answer(202, ""), "202"), (.answer(204, ""), "204"), (.answer(401, headers: ["server": "nginx"], ""), "401 (nginx)"),
            (.answer(404, "no such page"), "404"), (.answer(302, headers: ["location": "/login", "server": "Apache"], ""), "302 (Apache)"),
            (
                .answer(200, String(repeating: "a page that is long ", count: 5_000)),
                "200 (\(String(repeating: "a page that is long ", count: 3)))"
            ),
        ])
    func stranger(reply: ScriptedReply, words: String) async throws {
        try await withScriptedHTTP({ _ in reply }) { server in
            let answer = try await ask("127.0.0.1:\(server.port)")
            #expect(answer == .stranger(words))
        }
    }

    @Test("Who never comes to the end of what he says is silent")
    func endless() async throws {
        try await withScriptedHTTP({ _ in .stalled(200, body: Array("{}".utf8) + Array(repeating: 32, count: 100), after: 2) }) { server in
            guard case .silence = try await ask("127.0.0.1:\(server.port)", within: .seconds(2)) else {
                Issue.record("he was waited for")
                return
            }
        }
    }

    @Test("Nobody is there where nobody listens")
    func nobody() async throws {
        guard case .nobody(let reason) = try await ask("127.0.0.1:\(try FreePort.any())") else { Issue.record("somebody is there"); return }
        #expect(reason != "")
    }

    @Test("Who takes a connection and says nothing, or speaks no TLS, is silent")
    func silence() async throws {
        for (reply, tls) in [
            (ScriptedReply.answer(200, "{}"), true), (.silence, false), (.close, false), (.raw(Array("220 mail\r\n".utf8)), false),
        ] {
            try await withScriptedHTTP({ _ in reply }) { server in
                let answer = try await ask("127.0.0.1:\(server.port)", tls: tls, within: .seconds(2))
                guard case .silence(let reason) = answer else { Issue.record("\(reply): \(answer)"); return }
                #expect(reason != "")
            }
        }
    }
}
