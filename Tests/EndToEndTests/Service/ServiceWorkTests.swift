import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("What the service does beside the backup", .timeLimit(.minutes(3)))
struct ServiceWorkTests {
    @Test("A backup that stands still is ended by BACKUP_STALL_TIMEOUT, told in the runbook's words, and tried again")
    func stall() async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: 3_000_000)) { proxy in
                let settings = ["PGPORT": "\(proxy.port)", "BACKUP_STALL_TIMEOUT": "2s"]
                let outcome = try await admin.asked(database, settings) { service in
                    try await service.answers("/metrics", holding: #"backup_status{target="postgres",status="failed"} 1"#)
                    try await service.socket.message(holding: "STATUS=next backup")
                    proxy.resume()
                    try service.program.send(.terminate)
                }
                #expect(outcome.status == 0, "\(outcome)")
                let failures = outcome.errors.split(separator: "\n").filter { $0.contains("ERROR: Backup failed: ") }
                #expect(failures.contains { $0.contains("no byte from ") }, "\(outcome.errors)")
                #expect(outcome.errors.contains("attempt 2 of 4, after a failure"), "\(outcome.errors)")
            }
            #expect(try await admin.manifests() == [])
        }
    }

    @Test("backup-now beside it follows the backup that it takes, and ends as that does")
    func followed() async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: 3_000_000)) { proxy in
                let words = "\(admin.folder)/../now.log"
                let outcome = try await admin.asked(database, ["PGPORT": "\(proxy.port)"]) { service in
                    await proxy.reached(3_000_000)
                    let environment = ["POSTGRES_DB": database, "PGPORT": "\(proxy.port)"]
                    async let following = admin.shell("backup-now 2>'\(words)'", environment)
                    try await admin.awaitLine(holding: "this backup is being taken already, and is followed: db backup, run ", in: words)
                    proxy.resume()
                    let followed = try await following
                    #expect(followed.status == 0 && followed.output.contains(database), "\(followed)")
                    try service.program.send(.terminate)
                }
                #expect(outcome.status == 0, "\(outcome)")
                #expect(try await Command("cat", [words]).output().contains("complete: dump, "))
            }
            let runs = try await admin.history.runs()
            #expect(runs.count == 1 && runs.first?.trigger == .catchUp, "\(runs)")
            #expect(try await admin.manifests().count == 1)
        }
    }

    @Test("backup-verify beside it shows how the proof goes that it makes, and then makes its own")
    func followedProof() async throws {
        try await withSmallDatabase { database, admin in
            try await admin.backup(database)
            let proving = try await admin.proving()
            let id = try #require(try await admin.listed().first).id
            let settings = ["BACKUP_SCHEDULE": "none", "BACKUP_REVERIFY_LEVEL": "restore"]
            let outcome = try await proving.asked(database, settings) { service in
                try await service.order(#"{"kind":"verification","point":"\#(id)"}"#)
                let followed = try await proving.following(id)
                #expect(followed.outcome.status == 0, "\(followed)")
                // That of the service and its own.
                #expect(followed.said.ranges(of: "complete: compare").count == 2, "\(followed)")
                try service.program.send(.terminate)
            }
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.errors.contains("complete: verification of \(id)"), "\(outcome.errors)")
            let runs = try await admin.history.runs()
            #expect(runs.map(\.kind) == [.verification, .verification, .backup], "\(runs)")
            #expect(runs.allSatisfy { $0.failure == nil && !$0.isUnderWay }, "\(runs)")
        }
    }

    @Test("What a store lacks is given to it by BACKUP_SYNC_SCHEDULE")
    func sync() async throws {
        try await withThreeStores(mebibytes: 1) { _, database, stores in
            try await stores.admin.backup(database)
            // A store that had lost all it had would be left to people.
            let dump = try await stores.admin.backup(database)
            try await stores.s3.delete(try #require(dump.lastComponent?.string))
            let settings = ["BACKUP_SCHEDULE": "none", "BACKUP_SYNC_SCHEDULE": "@yearly"]
            let synced = try await stores.admin.served(database, settings)
            #expect(synced.status == 0, "\(synced)")
            #expect(synced.errors.contains("complete: sync, 1 copy made"), "\(synced.errors)")
            #expect(try await stores.admin.command("db", "list").output().ranges(of: "3 of 3").count == 2)
            #expect(try await stores.admin.history.runs().map(\.kind) == [.sync, .backup, .backup])
        }
    }

    @Test("BACKUP_RUNBOOK_URL is linked on the status page, also where it changes while the service runs")
    func runbook() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let file = admin.folder.removingLastComponent().appending("settings.env").string
                try await Command("tee", [file]).output(input: "BACKUP_RUNBOOK_URL=https://one.example.org/runbook\n")
                let outcome = try await admin.asked(database, ["BACKUP_SCHEDULE": "none", "BACKUP_ENV_FILE": file]) { service in
                    // There was never a backup, which is a reason to look.
                    try await service.answers("/", holding: "https://one.example.org/runbook#")
                    try await Command("tee", [file]).output(input: "BACKUP_RUNBOOK_URL=https://other.example.org/runbook\n")
                    try service.program.send(.hangUp)
                    try await service.answers("/", holding: "https://other.example.org/runbook#")
                    #expect(try await service.first("/").contains("one.example.org") == false)
                    try service.program.send(.terminate)
                }
                #expect(outcome.status == 0, "\(outcome)")
            }
        }
    }
}

extension AdminProgram {
    /// Comes with `backup-verify` upon the proof that a process has begun, which stands still until this one has met it.
    fileprivate func following(_ id: String) async throws -> (outcome: Command.Outcome, said: String) {
        let (lock, words) = ("\(folder)/../state/verify.lock", "\(folder)/../verify.log")
        // It holds the lock and has said who it is.
        try await awaitLine(holding: #""run""#, in: lock)
        let holder = try await Command("bash", ["-c", #"grep -o '"pid":[0-9]*' "$0" | cut -d: -f2"#, lock]).output()
            .split(separator: "\n").joined()
        try await Command("kill", ["-STOP", holder]).output()
        async let following = shell("backup-verify \(id) --level restore 2>'\(words)'")
        try await awaitLine(holding: "waiting: another run holds the lock ", in: words)
        try await Command("kill", ["-CONT", holder]).output()
        return (try await following, try await Command("cat", [words]).output())
    }
}
