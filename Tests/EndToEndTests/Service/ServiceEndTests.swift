import BackupTestKit
import SystemPackage
import Testing

@Suite("A service that ends, and begins again", .timeLimit(.minutes(3)))
struct ServiceEndTests {
    /// What a run has to have read before something happens to it: it is in the middle of the rows.
    private static let middle = 3_000_000

    @Test("finishes the run under way in the time it has: alive meanwhile, and ready for nothing more")
    func finishing() async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: Self.middle)) { proxy in
                let settings = ["PGPORT": "\(proxy.port)", "BACKUP_STOP_TIMEOUT": "1h"]
                let outcome = try await admin.asked(database, settings) { service in
                    try await service.socket.message(holding: "READY=1")
                    await proxy.reached(Self.middle)
                    try await service.answers("/ready", withStatus: "200")
                    try service.program.send(.terminate)
                    try await service.socket.message(holding: "STOPPING=1")
                    #expect(try await service.status(of: "/ready") == "503")
                    #expect(try await service.status(of: "/health") == "200")
                    proxy.resume()
                }
                #expect(outcome.status == 0, "\(outcome)")
                #expect(outcome.errors.contains("complete: backup ") && !outcome.errors.contains("called off"), "\(outcome.errors)")
            }
            #expect(try await admin.manifests().count == 1)
        }
    }

    @Test("has a run go on with the settings it began with, and takes new ones for the next")
    func reloading() async throws {
        try await withCalls { server, database, admin in
            let file = admin.folder.removingLastComponent().appending("settings.env").string
            try await Command("tee", [file]).output(input: "BACKUP_FORMAT=sql.gz\n")
            try await withFaultProxy(to: server.port, .stall(afterBytes: Self.middle)) { proxy in
                let settings = ["PGPORT": "\(proxy.port)", "BACKUP_ENV_FILE": file]
                let outcome = try await admin.asked(database, settings) { try await reload($0, file, proxy) }
                #expect(outcome.status == 0, "\(outcome)")
            }
            let formats = try await admin.entries().filter { $0.hasPrefix("\(database)-") }.sorted().map { $0.hasSuffix(".sql.zst") }
            #expect(formats == [false, true])
        }
    }

    /// In the middle of a run; the next run is ordered once it has ended.
    private func reload(_ service: AskedService, _ file: String, _ proxy: FaultProxy) async throws {
        await proxy.reached(Self.middle)
        try await Command("tee", [file]).output(input: "BACKUP_FORMAT=sql.zst\n")
        try service.program.send(.hangUp)
        try await service.socket.message(holding: "RELOADING=1")
        try await service.socket.message(holding: "READY=1")
        proxy.resume()
        try await service.socket.message(holding: "STATUS=next backup")
        try await service.order(#"{"kind":"backup"}"#)
        try await service.socket.message(holding: "STATUS=next backup")
        try service.program.send(.terminate)
    }

    @Test("knows from its first scrape on what ran before it: a success, a failure, and a run that was killed")
    func firstScrape() async throws {
        try await withCalls { server, database, admin in
            #expect(try await admin.served(database).status == 0)
            let idle = ["BACKUP_SCHEDULE": "none"]
            let good = try await firstScrape(admin, database, idle)
            #expect(good.contains(#"backup_status{target="postgres",status="ok"} 1"#), "\(good)")
            #expect(good.contains(#"backup_runs_total{target="postgres",result="ok"} 1"#), "\(good)")
            #expect(good.firstMatch(of: #/last_successful_backup_timestamp\{target="postgres"\} 1\d{9}/#) != nil, "\(good)")
            try await killBackup(admin, server, database)
            let bad = try await firstScrape(admin, database, idle)
            #expect(bad.contains(#"backup_status{target="postgres",status="failed"} 1"#), "\(bad)")
            #expect(bad.contains(#"backup_status{target="postgres",status="running"} 0"#), "\(bad)")
            #expect(bad.contains(#"backup_runs_total{target="postgres",result="failed"} 1"#), "\(bad)")
            #expect(bad.contains("backup_job_in_progress 0"), "\(bad)")
        }
    }

    /// What the service answers first of all.
    private func firstScrape(_ admin: AdminProgram, _ database: String, _ settings: [String: String]) async throws -> String {
        var page = ""
        let outcome = try await admin.asked(database, settings) { service in
            page = try await service.first("/metrics")
            try await service.socket.message(holding: "READY=1")
            try service.program.send(.terminate)
        }
        #expect(outcome.status == 0, "\(outcome)")
        return page
    }

    /// Kills a service that takes a backup, in the middle.
    private func killBackup(_ admin: AdminProgram, _ server: PostgresServer, _ database: String) async throws {
        try await withFaultProxy(to: server.port, .stall(afterBytes: Self.middle)) { proxy in
            let settings = ["PGPORT": "\(proxy.port)", "BACKUP_SCHEDULE": "none"]
            let outcome = try await admin.asked(database, settings) { service in
                try await service.socket.message(holding: "READY=1")
                try await service.order(#"{"kind":"backup"}"#)
                await proxy.reached(Self.middle)
                try service.program.send(.kill)
            }
            #expect(outcome.status == 137, "\(outcome)")
        }
    }
}
