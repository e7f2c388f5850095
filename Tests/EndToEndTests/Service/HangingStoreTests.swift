import BackupCatalog
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

/// A network file system whose server is gone keeps every call in the kernel, where nothing can cancel it.
@Suite("A service whose only store hangs", .timeLimit(.minutes(3)))
struct HangingStoreTests {
    @Test("gives signs of life while it asks whether a slot is covered, is not ready, and ends when it is told to")
    func asking() async throws {
        try await withHangingStore { database, admin, filesystem in
            try filesystem.hang()
            let outcome = try await admin.asked(database, ["WATCHDOG_USEC": "2000000"]) { service in
                try await service.socket.message(holding: "READY=1")
                // The first one comes before it asks.
                try await service.signsOfLife(3)
                #expect(try await service.status(of: "/health") == "200")
                #expect(try await service.status(of: "/ready") == "503")
                try service.program.send(.terminate)
            }
            #expect(outcome.status == 0, "\(outcome)")
            #expect(!outcome.errors.contains("backup begins: "), "\(outcome.errors)")
            #expect(outcome.errors.contains("NOTICE: stopped"), "\(outcome.errors)")
        }
    }

    @Test("gives signs of life, idle and while a run stands still, and leaves behind a run that cannot be called off")
    func standing() async throws {
        try await withHangingStore { database, admin, filesystem in
            let settings = ["BACKUP_SCHEDULE": "none", "BACKUP_STOP_TIMEOUT": "1s", "WATCHDOG_USEC": "2000000"]
            let outcome = try await admin.asked(database, settings) { service in
                try await service.socket.message(holding: "READY=1")
                try await service.signsOfLife(3)
                try await service.answers("/ready", withStatus: "200")
                try filesystem.hang()
                try await service.order(#"{"kind":"backup"}"#)
                try await service.socket.message(holding: "STATUS=backup under way")
                try await service.signsOfLife(3)
                try service.program.send(.terminate)
                try await service.socket.message(holding: "STOPPING=1")
            }
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("WARNING: the run under way is called off, as the service has to stop"), "\(outcome.errors)")
            #expect(outcome.errors.contains("ERROR: the run under way was called off and has not ended within 10 s"), "\(outcome.errors)")
            try filesystem.answer()
            try await admin.command("db", "backup", "--database", database).output()
            // Whose process is gone has failed.
            #expect(try await admin.history.runs().map { $0.failure == nil } == [true, false])
        }
    }

    @Test("tells Prometheus and PagerDuty that a run stands still for longer than it may, and goes on when the store answers again")
    func alert() async throws {
        try await withHangingStore { database, admin, filesystem in
            let settings = ["BACKUP_SCHEDULE": "none", "BACKUP_STALL_TIMEOUT": "2s"]
            try await withWatchedService(admin, database, settings) { watched in
                try await watched.order(#"{"kind":"backup"}"#)
                try await watched.monitoring.series(of: "backup_status") { $0.targets(withStatus: "ok") == ["postgres"] }
                try await watched.monitoring.series(of: "backup_job_in_progress") { $0.map(\.value) == [0] }
                try filesystem.hang()
                try await watched.order(#"{"kind":"backup"}"#)
                try await watched.monitoring.series(of: "backup_job_seconds_since_progress > backup_stall_timeout_seconds") { !$0.isEmpty }
                try await watched.monitoring.alert("BackupStalled")
                // No target is in trouble, but the service.
                var page = try #require(await watched.pagerDuty.next("service"))
                while page.payload?.severity != "critical" || !page.dedupKey.hasSuffix("/service") {
                    page = try #require(await watched.pagerDuty.next("service"))
                }
                #expect(page.payload?.summary.hasPrefix("Backup Failed") == true, "\(page)")
                try filesystem.answer()
                try await watched.monitoring.alert("BackupStalled", fires: false)
            }
        }
    }

    /// An empty store, a database that takes a moment to save, and the program.
    private func withHangingStore(_ body: (String, AdminProgram, HangingFilesystem) async throws -> Void) async throws {
        try requireServer(15)
        try await HangingFilesystem.with { filesystem in
            try await withDatabase { server, database in
                try await server.loadCalls(into: database, mebibytes: 1)
                try await withAdmin(server) { admin in
                    var admin = admin
                    admin.environment = ["BACKUP_DIR": filesystem.folder.string]
                    try await body(database, admin, filesystem)
                }
            }
        }
    }
}
