import BackupCatalog
import BackupTestKit
import Testing

@Suite("Two services of one machine with one address", .timeLimit(.minutes(5)))
struct OneAddressTests {
    @Test("The second one ends with status 2, says that another one may be running, and has begun nothing")
    func second() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let port = try FreePort.any()
                let address = ["BACKUP_HTTP": "127.0.0.1:\(port)"]
                let outcome = try await withNotifySocket { socket in
                    let first = admin.service(database, telling: socket, address.merging(["BACKUP_SCHEDULE": "none"]) { $1 })
                    return try await first.outcome { program in
                        try await socket.message(holding: "READY=1")
                        // There is no backup yet: it would have a slot to make up for.
                        let second = try await admin.service(database, telling: socket, address).outcome()
                        #expect(second.status == 2, "\(second)")
                        #expect(second.errors.contains("ERROR: cannot listen on 127.0.0.1:\(port): the address is in use"), "\(second)")
                        #expect(second.errors.contains("hint: `backup-service --health`") && second.errors.contains("ss -ltnp"))
                        #expect(!second.errors.contains("Backup failed") && !second.errors.contains("begins: "), "\(second)")
                        try program.send(.terminate)
                    }
                }
                #expect(outcome.status == 0, "\(outcome)")
                #expect(try await admin.history.runs().isEmpty)
                #expect(try await admin.manifests() == [])
            }
        }
    }
}
