import BackupModel
import BackupTestKit
import BytePipeline
import NIOCore
import NIOHTTP1
import Testing

@testable import ObjectStores

@Suite("HTTP")
struct NetworkTransportTests {
    @Test("A call arrives as it was made, and its answer as it was given")
    func roundTrip() async throws {
        let body = [UInt8](repeating: 7, count: 700_000)
        try await withScriptedHTTP({ .answer(207, headers: ["X-Seen": $0.method], body: Array($0.body.reversed())) }) { server in
            let call = HTTPCall(.PUT, server.url + "/a%2Fb?c=%20", headers: ["X-Name": "v"], body: ByteBuffer(bytes: body))
            let answer = try await transport().send(call)
            #expect(answer.status == 207)
            #expect(answer.headers.first(name: "x-seen") == "PUT")
            #expect(answer.body == body)
            #expect(server.requests.map(\.target) == ["/a%2Fb?c=%20"])
            #expect(server.requests.first?.headers["x-name"] == "v")
            #expect(server.requests.first?.headers["content-length"] == "700000")
        }
    }

    @Test("An empty body is announced as such")
    func emptyBody() async throws {
        try await withScriptedHTTP({ _ in .answer(200) }) { server in
            _ = try await transport().send(HTTPCall(.PUT, server.url + "/"))
            #expect(server.requests.first?.headers["content-length"] == "0")
            #expect(server.requests.first?.headers["transfer-encoding"] == nil)
        }
    }

    @Test("Redirects and errors are answers")
    func statuses() async throws {
        try await withScriptedHTTP({ .answer($0.path == "/moved" ? 307 : 503, headers: ["Location": "http://127.0.0.1:1/"]) }) { server in
            let transport = try transport()
            #expect(try await transport.send(HTTPCall(.GET, server.url + "/moved")).status == 307)
            #expect(try await transport.send(HTTPCall(.GET, server.url + "/busy")).status == 503)
            #expect(server.requests.count == 2)
        }
    }

    @Test(
        "Whatever ends a call too early has a kind and words",
        arguments: [
            (.close, .brokenOff), (.reset, .brokenOff), (.silence, .stalled), (.raw(Array("220 smtp ready\r\n\r\n".utf8)), .garbled),
            (.mute, .brokenOff), (.halfClosed(200, body: [1, 2, 3], after: 2), .brokenOff),
            (.truncated(200, body: [1, 2, 3], after: 2), .brokenOff), (.stalled(200, body: [1, 2, 3], after: 2), .stalled),
        ] as [(ScriptedReply, HTTPFailure.Kind)])
    func failures(reply: ScriptedReply, kind: HTTPFailure.Kind) async throws {
        try await withScriptedHTTP({ _ in reply }) { server in
            let call = HTTPCall(.GET, server.url + "/")
            let failure = try await #require(throws: HTTPFailure.self) {
                try await transport(stall: kind == .stalled ? .seconds(3) : .seconds(30)).send(call)
            }
            #expect(failure.kind == kind, "\(failure)")
            #expect(!failure.reason.isEmpty)
            if case .truncated = reply { #expect(failure.partial?.body == [1, 2]) }
            if case .halfClosed = reply { #expect(failure.partial?.body == [1, 2]) }
            if case .stalled = reply { #expect(failure.partial?.body == [1, 2]) }
        }
    }

    @Test("A server that stops reading is a stall, however much is left to send")
    func stopsReading() async throws {
        try await withScriptedHTTP(early: { _ in .silence }, { _ in .answer(200) }) { server in
            let call = HTTPCall(.PUT, server.url + "/", body: ByteBuffer(repeating: 0, count: 32 << 20))
            let failure = try await #require(throws: HTTPFailure.self) { try await transport(stall: .seconds(2)).send(call) }
            #expect(failure.kind == .stalled)
        }
    }

    @Test("A port nobody listens on, and a name nobody has, are said to be unreachable")
    func unreachable() async throws {
        let port = try FreePort.any()
        let refused = try await #require(throws: HTTPFailure.self) {
            try await transport().send(HTTPCall(.GET, "http://127.0.0.1:\(port)/"))
        }
        #expect(refused.kind == .unreachable)
        #expect(refused.reason == "connection refused")
        let unknown = try await #require(throws: HTTPFailure.self) { try await transport().send(HTTPCall(.GET, "http://nowhere.invalid/")) }
        #expect(unknown.kind == .unreachable)
        #expect(unknown.reason == "there is no host nowhere.invalid")
    }

    @Test("What is no TLS is not trusted")
    func noTLS() async throws {
        try await withScriptedHTTP({ _ in .answer(200) }) { server in
            let call = HTTPCall(.GET, "https://127.0.0.1:\(server.port)/")
            let failure = try await #require(throws: HTTPFailure.self) { try await transport().send(call) }
            #expect([.untrusted, .withoutTLS, .brokenOff].contains(failure.kind))
        }
        try await PlainPort.with { port in
            let call = HTTPCall(.GET, "https://127.0.0.1:\(port)/")
            let failure = try await #require(throws: HTTPFailure.self) { try await transport().send(call) }
            #expect(failure.kind == .withoutTLS)
            #expect(failure.reason == "the server does not speak TLS")
        }
    }

    @Test("An answer longer than it may be is refused, not kept")
    func oversized() async throws {
        try await withScriptedHTTP({ _ in .answer(200, body: [UInt8](repeating: 1, count: 1 << 20)) }) { server in
            let call = HTTPCall(.GET, server.url + "/", answerLimit: 1000)
            let failure = try await #require(throws: HTTPFailure.self) { try await transport().send(call) }
            #expect(failure.kind == .oversized)
        }
    }

    @Test("A cancelled call ends as cancelled")
    func cancellation() async throws {
        try await withScriptedHTTP({ _ in .silence }) { server in
            let call = Task { try await transport().send(HTTPCall(.GET, server.url + "/")) }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
        }
    }

    @Test("What is sent waits for its turn under a rate limit")
    func rateLimit() async throws {
        let clock = SteppingClock()
        let limit = RateLimit(ByteRate(bytesPerSecond: 100_000), clock: clock)
        try await withScriptedHTTP({ _ in .answer(200) }) { server in
            var options = HTTPOptions()
            options.rateLimit = limit
            let call = HTTPCall(.PUT, server.url + "/", body: ByteBuffer(repeating: 0, count: 1_000_000))
            _ = try await NetworkTransport(options).send(call)
            #expect(clock.now.elapsed >= .seconds(9))
        }
    }

    @Test("A file that holds no certificates is a configuration error")
    func authorities() throws {
        var options = HTTPOptions()
        options.authorities = "/dev/null"
        let error = try #require(throws: BackupError.self) { _ = try NetworkTransport(options) }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains("/dev/null"))
    }

    private func transport(stall: Duration = .seconds(30)) throws -> NetworkTransport {
        var options = HTTPOptions()
        options.stallLimit = stall
        return try NetworkTransport(options)
    }
}
