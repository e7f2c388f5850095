import BackupTestKit
import SystemPackage
import Testing

@Suite("The service", .timeLimit(.minutes(5)))
struct ServiceTests {
    /// What a command of the runbook finds in a log.
    private func grep(_ pattern: String, in log: String) async throws -> [Substring] {
        try await Command("bash", ["-c", "grep -i \"\(pattern)\" || true"]).output(input: log).split(separator: "\n")
    }

    @Test("It makes up for the slot it missed, says so in the runbook's words, and ends when it is told to", arguments: ["text", "json"])
    func backup(format: String) async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 2)
            try await withAdmin(server) { admin in
                let outcome = try await admin.served(database, ["BACKUP_LOG_FORMAT": format])
                #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome)")
                #expect(try await admin.manifests().count == 1)
                let lines = try await grep("progress\\|complete\\|error", in: outcome.errors)
                #expect(lines.count { $0.contains("progress: ") } >= 3 && lines.count { $0.contains("complete: ") } >= 3)
                #expect(try await grep("verify\\|verification", in: outcome.errors).count >= 2)
                // Every line of the run has its id; that there was no backup before is told besides.
                let id = try #require(outcome.errors.firstMatch(of: /\d{8}T\d{6}Z-[0-9a-f]{8}/))
                let alarms = try await grep("error\\|failed\\|critical", in: outcome.errors)
                #expect(alarms.filter { $0.contains(id.output) } == [])
                #expect(
                    lines.filter { !$0.contains("next backup") && !$0.contains("alert") }.allSatisfy { $0.contains(id.output) },
                    "\(outcome.errors)")
                // Nothing is made up for twice.
                let again = try await admin.served(database)
                #expect(again.status == 0)
                #expect(try await admin.manifests().count == 1)
            }
        }
    }

    @Test("A failure is told in the runbook's words, with trouble of credentials as such, and tried again later")
    func failure() async throws {
        try requireServer(15)
        try await withPostgres(PostgresBlueprint(password: "right")) { server in
            try await withAdmin(server) { admin in
                // The next slot is not to come before the next attempt.
                let schedule = ["BACKUP_SCHEDULE": "0 \(hourFarFromNow()) * * *", "BACKUP_TIMEZONE": "UTC"]
                let refused = schedule.merging(["PGPASSWORD": "wrong", "PGUSER": "postgres"]) { $1 }
                let outcome = try await admin.served("postgres", refused)
                #expect(outcome.status == 0)
                #expect(try await grep("error\\|failed\\|critical", in: outcome.errors).contains { $0.contains("ERROR: Backup failed: ") })
                #expect(try await grep("auth\\|permission\\|denied\\|credential", in: outcome.errors).contains { $0.contains("ERROR: ") })
                #expect(outcome.errors.contains("attempt 2 of 4, after a failure"))
                #expect(!outcome.errors.contains("wrong"))
                #expect(try await admin.manifests() == [])
            }
        }
    }

    @Test("An old backup that is damaged since is found when it is proved again")
    func damage() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 2)
            try await withAdmin(server) { admin in
                let dump = try await admin.backup(database)
                try await Command("dd", ["if=/dev/zero", "of=\(dump)", "bs=1", "count=64", "seek=100000", "conv=notrunc"]).output()
                let settings = [
                    "BACKUP_SCHEDULE": "none", "BACKUP_REVERIFY_SCHEDULE": "@daily", "BACKUP_REVERIFY_LEVEL": "content",
                    "BACKUP_REVERIFY_INTERVAL": "0s",
                ]
                let outcome = try await admin.served(database, settings)
                #expect(outcome.errors.contains("CRITICAL: Backup verification failed: "), "\(outcome.errors)")
                #expect(try await grep("verify\\|verification", in: outcome.errors).contains { $0.contains("CRITICAL") })
            }
        }
    }

    @Test("SIGHUP has it read its settings again, systemd is told, and broken ones are refused")
    func reload() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let file = admin.folder.removingLastComponent().appending("settings.env").string
                try await Command("tee", [file]).output(input: "BACKUP_SCHEDULE=none\nBACKUP_REVERIFY_SCHEDULE=@yearly\n")
                let outcome = try await withNotifySocket { socket in
                    var command = admin.service(database, telling: socket, ["BACKUP_ENV_FILE": file])
                    command.environment["BACKUP_REVERIFY_SCHEDULE"] = .some(nil)
                    return try await command.outcome { program in
                        // READY comes before or after it.
                        try await socket.message(holding: "STATUS=next reverification")
                        try await Command("tee", [file]).output(input: "BACKUP_SCHEDULE=0 25 * * *\n")
                        try program.send(.hangUp)
                        #expect(try await socket.message(holding: "RELOADING=1").contains("MONOTONIC_USEC="))
                        try await socket.message(holding: "READY=1")
                        try await Command("tee", [file]).output(input: "BACKUP_CATCH_UP=no\nBACKUP_REVERIFY_SCHEDULE=none\n")
                        try program.send(.hangUp)
                        try await socket.message(holding: "RELOADING=1")
                        try await socket.message(holding: "STATUS=next backup")
                        try program.send(.interrupt)
                    }
                }
                #expect(outcome.status == 0)
                #expect(outcome.errors.contains("ERROR: the configuration was not read again, the old one stays: BACKUP_SCHEDULE is"))
                #expect(outcome.errors.contains("NOTICE: the configuration was read again"))
            }
        }
    }

    @Test("Told to stop while a backup is written it calls that off in time, and leaves nothing behind")
    func stop() async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: 3_000_000)) { proxy in
                let outcome = try await withNotifySocket { socket in
                    let settings = ["BACKUP_STOP_TIMEOUT": "1s", "PGPORT": "\(proxy.port)"]
                    return try await admin.service(database, telling: socket, settings).outcome { program in
                        await proxy.reached(3_000_000)
                        try program.send(.terminate)
                        try await socket.message(holding: "STOPPING=1")
                    }
                }
                #expect(outcome.status == 0, "\(outcome)")
                #expect(outcome.errors.contains("ERROR: Backup failed: it was called off"), "\(outcome.errors)")
                let quiet = try await server.isQuiet(database)
                #expect(quiet)
            }
            let entries = try await admin.entries()
            #expect(entries.filter { !$0.hasPrefix(".") } == [])
        }
    }
}
