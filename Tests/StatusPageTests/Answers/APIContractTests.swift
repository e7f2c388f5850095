import BackupModel
import FoundationEssentials
import StatusPage
import Testing

@Suite("The API is as its description says")
struct APIContractTests {
    private static func json(_ text: String) throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }

    /// Where the description's `{id}` is filled in.
    private static let pointID = "20261106T020000Z"
    private static let runID = "20261106T020000Z-backup-20"

    private static func concrete(_ path: String) -> String {
        path.replacing("{id}", with: path.contains("points") ? pointID : runID)
    }

    @Test("Every described path answers a GET as described, in every state of things", arguments: Scene.allCases)
    func answersAreAsDescribed(scene: Scene) async throws {
        try await withStatusServer(scene.facts) { server in
            let description = try Self.json(try await server.ask("/api/openapi.json").body)
            let schema = Schema(document: description)
            let paths = try #require(description["paths"])
            #expect(paths.keys.count == 14)
            for path in paths.keys {
                let answer = try await server.ask(Self.concrete(path))
                let isGone = scene == .never && path.contains("{id}")
                #expect(answer.status == (isGone ? 404 : 200), "\(path) in \(scene)")
                let described = try #require(paths[path]?["get"]?["responses"]?["\(answer.status)"], "\(path) \(answer.status)")
                try Self.hold(answer, described, schema, path)
            }
        }
    }

    private static func hold(_ answer: StatusServerUnderTest.Answer, _ described: JSONValue, _ schema: Schema, _ path: String) throws {
        guard let content = described["content"] else {
            #expect(described["description"] != nil)
            return
        }
        let type = try #require(answer.headers["content-type"]).prefix { $0 != ";" }
        let form = try #require(content[String(type)]?["schema"], "\(path) answers \(type)")
        guard type.hasSuffix("json"), path != "/api/openapi.json" else { return }
        #expect(schema.faults(of: try json(answer.body), against: form) == [], "\(path)")
    }

    @Test("What is not described is not there, and what is there by another method says by which")
    func nothingElseIsThere() async throws {
        try await withStatusServer { server in
            for path in ["/api", "/api/points/", "/runs/", "/index.html", "/../etc/passwd", "/api/points/a/b", "//"] {
                let answer = try await server.ask(path)
                #expect(answer.status == 404, "\(path)")
                #expect(try Self.json(answer.body)["detail"] == .string("there is nothing here"))
            }
            let refused = try await server.ask("/api/runs", "DELETE")
            #expect(refused.status == 405)
            #expect(refused.headers["allow"] == "GET, HEAD, POST")
        }
    }

    @Test("Problems are problem details")
    func problems() async throws {
        try await withStatusServer { server in
            let description = try Self.json(try await server.ask("/api/openapi.json").body)
            let schema = Schema(document: description)
            for (path, status) in [("/api/points/x", 404), ("/api/runs?kind=x", 400), ("/api/runs?limit=0", 400), ("/nowhere", 404)] {
                let answer = try await server.ask(path)
                #expect(answer.status == status)
                #expect(answer.headers["content-type"] == "application/problem+json")
                let problem = try Self.json(answer.body)
                #expect(schema.faults(of: problem, against: schema.resolve("#/components/schemas/Problem")) == [])
                #expect(problem["status"] == .integer(Int64(status)))
            }
        }
    }

    /// A start of a run that ends in each of the described ways.
    private static let starts: [(status: Int, starter: NotingStarter, ask: Start)] = {
        let backup = #"{"kind":"backup"}"#
        func failing(_ code: BackupError.Code) -> NotingStarter {
            NotingStarter { _ in throw BackupError(code, "it failed", hint: "Look.") }
        }
        return [
            (202, NotingStarter(), { try await $0.start(backup) }),
            (
                303, NotingStarter(),
                {
                    try await $0.ask(
                        "/api/runs", "POST", headers: ["Content-Type": "application/x-www-form-urlencoded"],
                        body: "kind=backup&token=\(sampleToken)")
                }
            ),
            (400, NotingStarter(), { try await $0.start("{}") }), (401, NotingStarter(), { try await $0.start(backup, token: nil) }),
            (403, NotingStarter(), { try await $0.start(backup, headers: ["Origin": "https://elsewhere.example"]) }),
            (404, failing(.artifactMissing), { try await $0.start(backup) }),
            (409, NotingStarter { _ in .alreadyRunning(runID) }, { try await $0.start(backup) }),
            (413, NotingStarter(), { try await $0.start(backup + String(repeating: " ", count: 5000)) }),
            (415, NotingStarter(), { try await $0.start(backup, headers: ["Content-Type": "text/plain"]) }),
            (
                429, NotingStarter(),
                { server in
                    for _ in 0..<10 { _ = try await server.start(backup, token: "wrong") }
                    return try await server.start(backup)
                }
            ),
            (500, failing(.failed), { try await $0.start(backup) }), (503, failing(.sourceUnreachable), { try await $0.start(backup) }),
        ]
    }()

    private typealias Start = @Sendable (StatusServerUnderTest) async throws -> StatusServerUnderTest.Answer

    @Test("Every described end of a start is as described, and there is no other")
    func startsAreAsDescribed() async throws {
        var seen: Set<String> = []
        for (status, starter, ask) in Self.starts {
            seen = try await withStatusServer(starter: starter) { [seen] server in
                let description = try Self.json(try await server.ask("/api/openapi.json").body)
                let answer = try await ask(server)
                #expect(answer.status == status)
                let all = description["paths"]?["/api/runs"]?["post"]?["responses"]
                let described = try #require(all?["\(answer.status)"], "\(status)")
                try Self.hold(answer, described, Schema(document: description), "POST, \(status)")
                if status == Self.starts.last?.status { #expect(Set(all?.keys ?? []) == seen.union(["\(status)"])) }
                return seen.union(["\(answer.status)"])
            }
        }
    }

    @Test("Runs are listed by kind and up to a number")
    func runsAreChosen() async throws {
        try await withStatusServer { server in
            let answer = try Self.json(try await server.ask("/api/runs?kind=reverification&limit=3").body)
            guard case .array(let runs)? = answer["runs"] else { throw NeverListened() }
            #expect(runs.count == 3)
            #expect(runs.allSatisfy { $0["kind"] == .string("reverification") })
        }
    }

    @Test("HEAD has the head of GET")
    func heads() async throws {
        try await withStatusServer { server in
            let head = try await server.ask("/metrics", "HEAD")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.headers["content-length"] == "17")
        }
    }

    @Test("Metrics are the page they were given, of the facts at hand")
    func metrics() async throws {
        try await withStatusServer { server in
            let answer = try await server.ask("/metrics")
            #expect(answer.body == "backup_points 29\n")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    @Test("A service that is not ready says so to probes, and lives")
    func readiness() async throws {
        try await withStatusServer(isReady: false) { server in
            let (readiness, liveness) = (try await server.ask("/ready"), try await server.ask("/health"))
            #expect(readiness.status == 503)
            #expect(liveness.status == 200)
            #expect(liveness.body == #"{"files":{"1c":"2d"},"installation":"5f2c","settings":"90ab","status":"alive"}"#)
        }
    }
}
