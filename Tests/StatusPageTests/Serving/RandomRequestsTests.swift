import BackupModel
import StatusPage
import Synchronization
import Testing

@Suite("Ten thousand requests of nobody's making", .timeLimit(.minutes(5)))
struct RandomRequestsTests {
    private static let count = 10_000
    private static let width = 16

    @Test("Nothing crashes, nothing is changed, and the service still answers")
    func random() async throws {
        // Every request is of another minute, so that all wrong tokens are looked at.
        let minute = Atomic(0)
        let now: @Sendable () -> Instant = { Scene.now + .seconds(61 * Int64(minute.add(1, ordering: .relaxed).newValue)) }
        // Whoever has said all it will is answered, however little that was: nobody waits for the service to lose its patience.
        try await withStatusServer(limits: StatusServerLimits(patience: .seconds(3600)), now: now) { server in
            let statuses = try await withThrowingTaskGroup(of: [Int: Int].self) { group in
                for lane in 0..<Self.width { group.addTask { try await Self.run(lane, against: server.port) } }
                return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
            }
            #expect(statuses.values.reduce(0, +) >= Self.count / Self.width * Self.width)
            #expect(statuses.keys.filter { $0 >= 500 }.isEmpty, "\(statuses)")
            for status in [200, 400, 401, 403, 404, 405, 421] { #expect(statuses[status, default: 0] > 0, "\(status) of \(statuses)") }
            #expect(server.starter.orders.isEmpty)
            let after = try await server.ask("/health")
            #expect(after.status == 200)
        }
    }

    /// - Returns: how often each status was answered; 0 stands for none.
    private static func run(_ lane: Int, against port: Int) async throws -> [Int: Int] {
        var requests = RandomRequests(seed: UInt64(lane + 1) &* 0x9E37_79B9_7F4A_7C15)
        var statuses: [Int: Int] = [:]
        for _ in 0..<count / width {
            let connection = try await RawConnection.open(port: port)
            connection.send(requests.next())
            connection.endSending()
            statuses[Self.status(try await connection.answer()), default: 0] += 1
        }
        return statuses
    }

    private static func status(_ answer: [UInt8]) -> Int {
        let line = String(decoding: answer.prefix(20), as: UTF8.self)
        guard line.hasPrefix("HTTP/1.1 ") else { return 0 }
        return Int(line.dropFirst(9).prefix(3)) ?? 0
    }
}

/// Requests that are nearly right, and some that are noise; none has the token.
struct RandomRequests {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> [UInt8] {
        if number(20) == 0 { return (0..<number(300)).map { _ in UInt8(truncatingIfNeeded: random()) } }
        let body = body()
        var lines = ["\(method()) \(path()) HTTP/\(number(30) == 0 ? "1.0" : "1.1")"]
        if number(30) > 0 {
            lines.append("Host: " + pick(["localhost", "127.0.0.1:8085", "[::1]", "evil.example", "", "a:b:c", "127.0.0.1"]))
        }
        for _ in 0..<number(4) { lines.append(header()) }
        if let authorization = authorization() { lines.append("Authorization: " + authorization) }
        switch number(12) {
        case 0: lines.append("Content-Length: \(number(9000))")
        case 1: lines.append("Content-Length: -1")
        case 2: lines.append("Transfer-Encoding: chunked")
        default: if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    private mutating func method() -> String {
        pick([
            "GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get",
            "GE T", "Ж",
        ])
    }

    private mutating func path() -> String {
        let known = [
            "/", "/api/runs", "/api/runs", "/api/runs", "/api/points", "/api/now", "/metrics", "/health", "/runs", "/api/openapi.json",
        ]
        let strange = [
            "/api/runs/../runs", "//api/runs", "/api/runs/", "/api/runs?limit=\(random())", "/runs/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "*", "",
            "http://evil.example/api/runs", "/api/points/\(random())", "/api/runs/20261126T020000Z-backup-0?lines=-1", "/%", "/api/runs%00",
            "/?lang=ru'",
            "/" + String(repeating: "a", count: number(20_000)), "/api/runs?kind=\u{202e}",
            "/?" + String(repeating: "&", count: number(500)),
        ]
        return number(3) == 0 ? pick(strange) : pick(known)
    }

    private mutating func header() -> String {
        pick([
            "Content-Type: application/json", "Content-Type: application/json; charset=utf-8",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Type: text/plain", "Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site",
            "Cookie: token=\(sampleToken)",
            "X-Forwarded-For: 127.0.0.1", "Accept-Language: \(String(repeating: "x;q=9,", count: number(200)))", "Expect: 100-continue",
            "Host: twice.example", "Connection: close", "Upgrade: h2c", "Range: bytes=0-\(random())", "X-\(random()): \(random())",
            "broken", ": empty",
            "X-Large: \(String(repeating: "y", count: number(10_000)))",
        ])
    }

    private mutating func authorization() -> String? {
        let wrong = [
            "Bearer", "Bearer ", "Bearer \(random())", "Bearer \(sampleToken.uppercased())", "Bearer \(sampleToken.dropLast())",
            "Bearer \(sampleToken) x",
            "Basic \(Base64.encode(Array(":\(sampleToken)".utf8)))", "Basic !!!", "Token \(sampleToken)", sampleToken,
        ]
        return number(3) == 0 ? nil : pick(wrong)
    }

    private mutating func body() -> String {
        switch number(6) {
        case 0: ""
        case 1: #"{"kind":"backup"}"#
        case 2: #"{"kind":"verification","point":"20261126T020000Z"}"#
        case 3: "kind=backup&token=\(number(2) == 0 ? "\(random())" : String(sampleToken.dropFirst()))"
        case 4: String(repeating: "[", count: number(5000))
        default: #"{"kind":"backup","token":"\#(sampleToken.dropLast())"}"#
        }
    }

    private mutating func pick<Element>(_ all: [Element]) -> Element { all[number(all.count)] }
    private mutating func number(_ bound: Int) -> Int { Int(random() % UInt64(bound)) }

    /// SplitMix64.
    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
