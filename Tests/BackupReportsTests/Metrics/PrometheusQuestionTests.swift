import BackupModel
import BackupTestKit
import Testing

@testable import BackupReports

@Suite("Asking Prometheus")
struct PrometheusQuestionTests {
    private func ask(_ answer: @escaping @Sendable (String) -> ScriptedReply) async throws -> PrometheusFigures {
        try await withScriptedHTTP({ answer($0.target) }) { server in
            try await PrometheusQuestion(url: server.url + "/", environment: [:]).ask()
        }
    }

    @Test("What it says of each target, as its API has it")
    func figures() async throws {
        let found = try await ask { target in
            func vector(_ samples: String...) -> ScriptedReply {
                .answer(200, #"{"status":"success","data":{"resultType":"vector","result":[\#(samples.joined(separator: ","))]}}"#)
            }
            guard target.hasPrefix("/api/v1/query?query=max%20by%20%28target") else { return .answer(404, "") }
            if target.contains("backup_status") {
                return vector(
                    #"{"metric":{"target":"postgres","status":"ok"},"value":[1771059600.1,"1"]}"#,
                    #"{"metric":{"target":"redis","status":"failed"},"value":[1771059600.1,"1"]}"#)
            }
            return vector(
                #"{"metric":{"target":"postgres"},"value":[1771059600.1,"1771035000"]}"#,
                #"{"metric":{"target":"redis"},"value":[1771059600.1,"NaN"]}"#)
        }
        #expect(found.statuses == [.postgres: ["ok"], .redis: ["failed"]])
        #expect(found.lastSuccess == [.postgres: Instant(secondsSinceEpoch: 1_771_035_000)])
    }

    @Test("One that knows nothing, something that is none, and nobody there are three things")
    func others() async throws {
        let empty = try await ask { _ in .answer(200, #"{"status":"success","data":{"resultType":"vector","result":[]}}"#) }
        #expect(empty == PrometheusFigures())
        let foreign = await #expect(throws: BackupError.self) { _ = try await ask { _ in .answer(200, "<html>") } }
        #expect(foreign?.code == .failed)
        let gone = await #expect(throws: BackupError.self) {
            _ = try await PrometheusQuestion(url: "http://127.0.0.1:1", environment: [:]).ask()
        }
        #expect(gone?.code == .sourceUnreachable)
    }
}
