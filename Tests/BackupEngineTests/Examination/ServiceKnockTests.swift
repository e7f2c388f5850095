import BackupModel
import BackupTestKit
import Doctor
import Testing

@testable import BackupEngine

@Suite("Asking the service whether it lives")
struct ServiceKnockTests {
    private func answer(at port: Int?, host: String = "127.0.0.1") async -> ProcessCondition {
        let settings = port.map { BackupHTTPSettings(address: ListenAddress(host: host, port: $0)) }
        return await ServiceKnock(
            settings: settings, isExpected: true, lastRun: nil, limit: .seconds(60), clock: ContinuousClock())()
    }

    @Test(
        "Its answer is what its status says",
        arguments: [
            (200, ProcessCondition.Answer.well), (401, .well), (202, .stranger("202")), (204, .stranger("204")),
            (500, .unwell(status: 500)), (503, .unwell(status: 503)),
        ])
    func status(code: Int, expected: ProcessCondition.Answer) async throws {
        try await withScriptedHTTP({ request in
            .answer(
                request.path == "/health" ? code : 404, headers: code == 401 ? ["content-type": "application/problem+json"] : [:],
                code == 200 ? #"{"status":"alive"}"# : "")
        }) { server in
            #expect(await answer(at: server.port).answer == expected)
        }
    }

    @Test("What it says of itself is kept")
    func fingerprint() async throws {
        let said = #"{"installation":"aa","settings":"bb","status":"alive"}"#
        try await withScriptedHTTP({ _ in .answer(200, said) }) { server in
            let found = await answer(at: server.port)
            #expect(found.answer == .well && found.fingerprint == ServiceFingerprint(installation: "aa", settings: "bb"))
        }
    }

    @Test("Who listens on every address is asked at this machine's own")
    func everyAddress() async throws {
        try await withScriptedHTTP({ _ in .answer(200, #"{"status":"alive"}"#) }) { server in
            #expect(await answer(at: server.port, host: "0.0.0.0").answer == .well)
        }
    }

    @Test("Another program that has the address is no service of ours")
    func stranger() async throws {
        try await withScriptedHTTP({ _ in .answer(200, headers: ["server": "nginx"], "Welcome") }) { server in
            #expect(await answer(at: server.port).answer == .stranger("200 (nginx)"))
        }
    }

    @Test("Nobody, somebody who is silent, and nobody to be asked are three things")
    func others() async throws {
        #expect(await answer(at: try FreePort.any()).answer == .nobody)
        #expect(await answer(at: nil).answer == .unknown)
        #expect(await answer(at: 0).answer == .unknown)
        try await SilentPort.with { port in
            let settings = BackupHTTPSettings(address: ListenAddress(host: "127.0.0.1", port: port))
            let knock = ServiceKnock(settings: settings, isExpected: true, lastRun: nil, limit: .seconds(4), clock: SteppingClock())
            #expect(await knock().answer == .silent)
        }
    }
}
