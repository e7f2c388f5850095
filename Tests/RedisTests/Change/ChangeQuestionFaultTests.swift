import BackupModel
import BackupTestKit
import Testing

@testable import Redis

private let ping = "*1\r\n$4\r\nPING\r\n"
private let go = "+CONTINUE \(String(repeating: "a", count: 40))\r\n"

@Suite("What a server answers that is asked to go on where a copy ends")
struct ChangeQuestionFaultTests {
    /// What is made of it; its INFO says that 42 bytes have passed since.
    private func answer(to psync: [ScriptedRedis.Act]) async throws -> ChangeQuestion.Answer {
        let info = "$\(ChangeRulesTests.info.utf8.count)\r\n\(ChangeRulesTests.info)\r\n"
        return try await withScriptedRedis(["INFO": [.send(info)], "PSYNC": psync]) { server in
            let answer = try await change(since: ChangeRulesTests.copy, at: server.url)
            let asked = server.commands.first { $0.first == "PSYNC" }
            #expect(asked == ["PSYNC", String(repeating: "a", count: 40), "101"])
            // It would be sent a file only.
            #expect(!server.commands.contains { $0.contains("rdb-only") })
            return answer
        }
    }

    @Test("is that nothing has changed, where all up to now is signs of life")
    func unchanged() async throws {
        guard
            case .unchanged(let state) = try await answer(to: [.send(go + ping), .send("\(ping)\(ping)\(ping)")])
        else {
            Issue.record("changed")
            return
        }
        #expect(state.offset == 142 && state.replicationID == String(repeating: "a", count: 40))
    }

    @Test(
        "is else that it is to be read",
        arguments: [
            ("+FULLRESYNC \(String(repeating: "a", count: 40)) 142\r\n", "its history cannot be resumed where that copy ends"),
            ("$3\r\nabc\r\n", "its history cannot be resumed where that copy ends"),
            (go + ping + "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n", "it was written to (SET)"),
            (go + ping + ":1\r\n", "it was written to (no command)"),
            (go + ping + ping + "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n", "it was written to (a command that is cut)"),
        ])
    func changed(psync: String, reason: String) async throws {
        #expect(try await answer(to: [.send(psync)]) == .changed(reason))
    }

    @Test(
        "is an error where it refuses or goes away",
        arguments: [("-NOPERM no\r\n", BackupError.Code.permissionDenied), ("", .sourceUnreachable)])
    func refused(psync: String, code: BackupError.Code) async throws {
        let error = await #expect(throws: BackupError.self) { try await answer(to: [.send(psync), .close]) }
        #expect(error?.code == code)
    }
}
