import NIOCore
import Testing

@testable import StatusPage

@Suite("Clients that take their time")
struct SlowClientTests {
    private static let limits = StatusServerLimits(patience: .seconds(6), connections: 20)

    @Test(
        "Three times as many of them as there may be connections keep nobody out, and none of them stays",
        arguments: [
            "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "GET /heal", "",
            "POST /api/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer \(sampleToken)\r\nContent-Length: 4000\r\n\r\n{",
            "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n",
        ])
    func slowLoris(beginning: String) async throws {
        try await withStatusServer(limits: Self.limits) { server in
            var slow: [RawConnection] = []
            for _ in 0..<60 {
                let connection = try await RawConnection.open(port: server.port)
                connection.send(Array(beginning.utf8))
                connection.drip(UInt8(ascii: "x"), every: .milliseconds(40))
                slow.append(connection)
                // A request of its own connection, as everybody who comes in between.
                let status = try await Self.visit(server.port)
                #expect(status == "HTTP/1.1 200 OK")
            }
            for connection in slow { _ = try await connection.answer() }
            #expect(server.starter.orders.isEmpty)
        }
    }

    private static func visit(_ port: Int) async throws -> String {
        let connection = try await RawConnection.open(port: port)
        connection.send(Array("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8))
        connection.endSending()
        return String(decoding: try await connection.answer().prefix(15), as: UTF8.self)
    }

    @Test("Those who do not take their answers keep nobody out")
    func unread() async throws {
        try await withStatusServer(limits: Self.limits) { server in
            for _ in 0..<Self.limits.connections {
                let connection = try await RawConnection.open(port: server.port)
                connection.stopReading()
                // Pipelined.
                connection.send(Array(String(repeating: "GET /api/runs HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 20).utf8))
            }
            let status = try await Self.visit(server.port)
            #expect(status == "HTTP/1.1 200 OK")
        }
    }

    @Test("A connection that is used is kept, one that is not is closed")
    func keptAlive() async throws {
        try await withStatusServer(limits: Self.limits) { server in
            let connection = try await RawConnection.open(port: server.port)
            connection.send(Array("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
            let answer = String(decoding: try await connection.answer(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
            #expect(answer.ranges(of: "HTTP/1.1").count == 1)
        }
    }
}
