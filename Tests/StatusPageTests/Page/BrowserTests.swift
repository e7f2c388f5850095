import BackupModel
import BackupReports
import BackupTestKit
import Foundation
import StatusPage
import Testing

@Suite("The page in Chromium", .serialized)
struct BrowserTests {
    private static let script = Bundle.module.path(forResource: "Fixtures/browser", ofType: "py") ?? "browser.py"

    /// Where `scripts/fetch-browser` puts them; nil where they cannot be used. Looked up once, as it takes two programs.
    fileprivate static let packages = Task { () -> String? in
        let folder = try await Command(fetch, ["--folder"]).output().split(separator: "\n").joined() + "/python"
        let check = Command("python3", ["-c", "import playwright, axe_playwright_python"], environment: ["PYTHONPATH": folder])
        return try await check.outcome().status == 0 ? folder : nil
    }

    private static let fetch = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../scripts/fetch-browser").path

    /// Where screenshots go, for whoever works on the page: `STATUS_PAGE_SHOTS=/somewhere swift test --filter BrowserTests`.
    private static let shots = ProcessInfo.processInfo.environment["STATUS_PAGE_SHOTS"]

    private static func faults(of url: String, name: String, token: String? = nil, all: Bool = false, live: Bool = false) async throws
        -> [String]
    {
        let packages = try await requireBrowser()
        let arguments =
            [script, url, "--name", name] + (all ? ["--all"] : []) + (live ? ["--live"] : []) + (token.map { ["--token", $0] } ?? [])
            + (shots.map { ["--shots", $0] } ?? [])
        return try await Command("python3", arguments, environment: ["PYTHONPATH": packages]).output().split(separator: "\n").map(
            String.init)
    }

    @Test("Nobody is kept out, in either theme, on a phone and on a desk, in good times and bad", arguments: Scene.allCases)
    func everybody(scene: Scene) async throws {
        try await withStatusServer(scene.facts) { server in
            let language = [Scene.failed, .running, .suspicious].contains(scene) ? "ru" : "en"
            let faults = try await Self.faults(of: "\(server.url)/?lang=\(language)", name: "\(scene)-\(language)", all: true)
            #expect(faults == [])
        }
    }

    @Test("The page of a run, and of all of them", arguments: ["/runs", "/runs/20261103T020000Z-backup-23"])
    func runs(path: String) async throws {
        try await withStatusServer { server in
            let faults = try await Self.faults(of: server.url + path, name: "run-\(path.count)", all: true)
            #expect(faults == [])
        }
    }

    @Test("Whoever looks sees what is wrong")
    func blindness() async throws {
        let page =
            "<!doctype html><html lang='en'><title>x</title><main><h1>x</h1><input><p style='width:2000px;color:%23eee'>wide</p>"
            + "<a href='x' tabindex='9'>a</a></main><script>console.error('oh')</script></html>"
        let faults = try await Self.faults(of: "data:text/html,\(page)", name: "wrong").joined(separator: "\n")
        for fault in ["axe label", "axe color-contrast", "console error: oh", "pixels wide", "out of order"] {
            #expect(faults.contains(fault), "\(fault)")
        }
    }

    @Test("A page that stays open shows what moves, takes nothing away from whoever is in it, and says when the service is gone")
    func live() async throws {
        _ = try await requireBrowser()
        let facts = MovableFacts(Scene.well.facts)
        let (urls, announcement) = AsyncStream.makeStream(of: String.self)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        // A backup moves the facts; a verification ends the service.
        let starter = NotingStarter { order in
            if order == .backup { facts.become(Scene.running.facts) } else { end.finish() }
            return .started("20261126T100300Z-backup-1b7e")
        }
        async let serving: Void = Self.serve(facts, starter, announcement, until: ends)
        for await url in urls {
            defer { end.finish() }
            #expect(try await Self.faults(of: url + "/", name: "live", token: sampleToken, live: true) == [])
            #expect(starter.orders.count == 2)
        }
        try await serving
    }

    /// - Parameter announcement: is told the server's URL, and then its end.
    private static func serve(
        _ facts: MovableFacts, _ starter: NotingStarter, _ announcement: AsyncStream<String>.Continuation, until ends: AsyncStream<Void>
    ) async throws {
        defer { announcement.finish() }
        try await withStatusServer(source: facts, starter: starter) { server in
            announcement.yield(server.url)
            for await _ in ends {}
        }
    }

    @Test("A backup is started with the script and without")
    func starting() async throws {
        try await withStatusServer { server in
            let faults = try await Self.faults(of: server.url + "/", name: "start", token: sampleToken)
            #expect(faults.isEmpty)
            #expect(server.starter.orders.first == .backup)
            #expect(server.starter.orders.count == 2)
        }
    }
}

/// Ends the test as skipped where there is no browser, or nobody to lead it; in continuous integration it fails instead.
/// - Returns: the folder of the packages that lead it.
private func requireBrowser() async throws -> String {
    try requireProgram("chromium", package: "chromium")
    if let packages = try await BrowserTests.packages.value { return packages }
    if PostgresInstallation.isContinuousIntegration { throw NoPlaywright() }
    try Test.cancel("\(NoPlaywright())")
}

private struct NoPlaywright: Error, CustomStringConvertible {
    let description = "playwright is missing: scripts/fetch-browser"
}
