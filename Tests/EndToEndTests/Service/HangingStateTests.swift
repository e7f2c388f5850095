import BackupTestKit
import SystemPackage
import Testing

/// What the service knows and remembers lies in the state folder; without it nothing can be done, but said that it hangs.
@Suite("A service whose state folder hangs", .timeLimit(.minutes(3)))
struct HangingStateTests {
    @Test("from its start on lives, is not ready, and ends when it is told to")
    func fromTheStart() async throws {
        try await withHangingState { database, admin, filesystem, settings in
            try filesystem.hang()
            let outcome = try await admin.asked(database, settings) { service in
                try await service.socket.message(holding: "READY=1")
                try await service.signsOfLife(3)
                #expect(try await service.status(of: "/health") == "200")
                #expect(try await service.status(of: "/ready") == "503")
                try service.program.send(.terminate)
            }
            #expect(outcome.status == 0 && outcome.errors.contains("NOTICE: stopped"), "\(outcome)")
        }
    }

    @Test("while it is at work goes on living, also when settings are read again, and ends when it is told to", arguments: [false, true])
    func meanwhile(isReloaded: Bool) async throws {
        try await withHangingState { database, admin, filesystem, settings in
            let outcome = try await admin.asked(database, settings) { service in
                try await service.socket.message(holding: "READY=1")
                // Not while the doctor looks: a program of his that begins as the folder hangs, with files of it to close, is dead to every signal, and
                // keeps the end of what the service has said from being seen.
                try await service.answers("/api/health", holding: "examinedAt")
                try filesystem.hang()
                if isReloaded {
                    try service.program.send(.hangUp)
                    try await service.socket.message(holding: "RELOADING=1")
                    try await service.socket.message(holding: "READY=1")
                }
                try await service.signsOfLife(3)
                #expect(try await service.status(of: "/health") == "200")
                try service.program.send(.terminate)
            }
            #expect(outcome.status == 0 && outcome.errors.contains("NOTICE: stopped"), "\(outcome)")
        }
    }

    /// For a service that has nothing to do.
    private func withHangingState(_ body: (String, AdminProgram, HangingFilesystem, [String: String]) async throws -> Void) async throws {
        try requireServer(15)
        try await HangingFilesystem.with { filesystem in
            try await withDatabase { server, database in
                try await withAdmin(server) { admin in
                    let settings = [
                        "BACKUP_SCHEDULE": "none", "BACKUP_STATE_DIR": filesystem.folder.string, "WATCHDOG_USEC": "2000000",
                    ]
                    try await body(database, admin, filesystem, settings)
                }
            }
        }
    }
}
