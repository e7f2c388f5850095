import AsyncHTTPClient
import BackupModel
import BackupReports
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import StatusPage
import Testing

/// A server with sample facts, and whoever asks it.
struct StatusServerUnderTest: Sendable {
    let port: Int
    let scheme: String
    let starter: NotingStarter

    var url: String { "\(scheme)://127.0.0.1:\(port)" }
}

let sampleToken = "0123456789abcdef-changes"
let sampleReadToken = "0123456789abcdef-reading"

/// Runs `body` beside a server on a free port of 127.0.0.1, and stops it.
/// - Parameter source: of facts that move; nil: those that are given stand still.
func withStatusServer<Value: Sendable>(
    _ facts: ServiceFacts = Scene.well.facts, source: (any FactSource)? = nil,
    settings: BackupHTTPSettings = BackupHTTPSettings(token: Secret(sampleToken)),
    limits: StatusServerLimits = StatusServerLimits(), starter: NotingStarter = NotingStarter(), logs: any RunLogReader = SampleLogs(),
    now: @escaping @Sendable () -> Instant = { Scene.now }, isReady: Bool = true, port: Int = 0,
    certificate: ServedCertificate? = nil,
    _ body: @escaping @Sendable (StatusServerUnderTest) async throws -> Value
) async throws -> Value {
    var settings = settings
    settings.address.port = port
    var sources = StatusSources(
        facts: source ?? StillFacts(value: facts), metrics: { "backup_points \($0.points.count)\n" }, starter: starter, logs: logs,
        isReady: { isReady }, now: now, runbook: "https://runbooks.example.org/backup-failed")
    sources.fingerprint = { ServiceFingerprint(installation: "5f2c", settings: "90ab", files: ["1c": "2d"]) }
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let server = StatusServer(
        settings, sources, limits: limits, certificate: certificate,
        logger: Logger(label: "status", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        listening.yield($0)
    }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            defer { listening.finish() }
            try await server.run()
            return nil
        }
        let scheme = settings.tls == nil ? "http" : "https"
        group.addTask {
            for await port in ports { return try await body(StatusServerUnderTest(port: port, scheme: scheme, starter: starter)) }
            return nil
        }
        defer { group.cancelAll() }
        while let value = try await group.next() { if let value { return value } }
        throw NeverListened()
    }
}

struct NeverListened: Error {}

extension StatusServerUnderTest {
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: String
    }

    /// One request; redirects are not followed.
    func ask(_ path: String, _ method: String = "GET", headers: [String: String] = [:], body: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await Self.client.execute(request, timeout: .seconds(20))
        let text = String(buffer: try await response.body.collect(upTo: 8 << 20))
        return Answer(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }, body: text)
    }

    func start(_ json: String, token: String? = sampleToken, headers: [String: String] = [:]) async throws -> Answer {
        var headers = headers.merging(["Content-Type": "application/json"]) { given, _ in given }
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try await ask("/api/runs", "POST", headers: headers, body: json)
    }

    static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: .init(certificateVerification: .none, redirectConfiguration: .disallow))
}
