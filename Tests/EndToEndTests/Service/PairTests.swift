import BackupTestKit
import Testing

@Suite("Two services of one database, on two hosts that share a store", .timeLimit(.minutes(10)))
struct PairTests {
    @Test("Each slot has one backup, whoever comes first")
    func oneBackup() async throws {
        try await withCalls { server, database, admin in
            async let one = admin.served(database, named: "state-a", ["BACKUP_RATE_LIMIT": "1MB/s"])
            async let other = admin.served(database, named: "state-b", ["BACKUP_RATE_LIMIT": "1MB/s"])
            let (first, second) = try await (one, other)
            #expect(first.status == 0 && second.status == 0, "\(first) \(second)")
            #expect(try await admin.manifests().count == 1)
            let logs = [first.errors, second.errors]
            #expect(logs.count { $0.contains("complete: backup ") } == 1)
            #expect(logs.count { $0.contains("is there already") } == 1)
        }
    }

    @Test("When the one that takes it is killed the other one takes it; people are told who is at work")
    func takeover() async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: 3_000_000)) { proxy in
                try await withNotifySocket { socket in
                    let first = admin.service(database, named: "state-a", telling: socket, ["PGPORT": "\(proxy.port)"])
                    let killed = try await first.outcome { holder in
                        await proxy.reached(3_000_000)
                        try await refusal(admin, database)
                        try await takeOver(admin, database) {
                            try holder.send(.kill)
                            // The network is well: the server hears that its clients are gone.
                            proxy.resume()
                        }
                    }
                    #expect(killed.status == 137, "\(killed.errors)")
                }
            }
            let manifests = try await admin.manifests()
            #expect(manifests.count == 1)
        }
    }

    private func refusal(_ admin: AdminProgram, _ database: String) async throws {
        var command = admin.command("db", "backup")
        command.environment["POSTGRES_DB"] = database
        let refused = try await command.outcome()
        #expect(refused.status == 7)
        #expect(refused.errors.contains("another run holds the lock in "), "\(refused.errors)")
        #expect(refused.errors.contains(": call-center-backup on "), "\(refused.errors)")
    }

    /// Runs the other service until it has taken the backup, which it can only when the first one is killed.
    private func takeOver(_ admin: AdminProgram, _ database: String, _ kill: () throws -> Void) async throws {
        try await withNotifySocket { socket in
            let outcome = try await admin.service(database, named: "state-b", telling: socket).outcome { heir in
                await socket.message(holding: "STATUS=backup waits for another run")
                let manifests = try await admin.manifests()
                #expect(manifests == [])
                try kill()
                await socket.message(holding: "STATUS=next backup")
                try heir.send(.terminate)
            }
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("complete: backup "), "\(outcome.errors)")
        }
    }
}
