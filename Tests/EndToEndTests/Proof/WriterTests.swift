import BackupTestKit
import Glibc
import Testing

@Suite("A backup taken while others write", .serialized)
struct WriterTests {
    /// `PROOF_WRITER_ROUNDS` asks for more.
    private static let rounds = getenv("PROOF_WRITER_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 5
    private static let writers = 4

    @Test("is proved equal to its own snapshot, every time")
    func writing() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.psql(file: Fixture.path("writer.sql"), database: database)
            try await withAdmin(server) { admin in
                let admin = try await admin.proving(["BACKUP_VERIFY_LEVEL": "restore"])
                try await beside(server, database) {
                    for round in 1...Self.rounds { try await takeOne(round, server, database, admin) }
                }
            }
        }
    }

    private func takeOne(_ round: Int, _ server: PostgresServer, _ database: String, _ admin: AdminProgram) async throws {
        let before = try await committed(server, database)
        let outcome = try await admin.command("db", "backup", "--database", database, "--jobs", "2").outcome()
        let during = try await committed(server, database) - before
        #expect(outcome.status == 0, "round \(round): \(outcome)")
        #expect(during > 0, "round \(round)")
        let shown = try await admin.shown()
        #expect(shown.state == "verified", "round \(round)")
        #expect(shown.verifications.map(\.level) == ["restore"], "round \(round)")
    }

    /// Runs `body` while sessions write.
    private func beside(_ server: PostgresServer, _ database: String, _ body: () async throws -> Void) async throws {
        let writers = (0..<Self.writers).map { _ in
            Task { try await server.command("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", "CALL work()"]).output() }
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try await server.psql("UPDATE control SET stopped = true", database: database)
        for writer in writers { _ = try await writer.value }
        try result.get()
    }

    /// How many transactions have come to their end, about.
    private func committed(_ server: PostgresServer, _ database: String) async throws -> Int {
        try #require(Int(try await server.psql("SELECT last_value FROM orders_id_seq", database: database)))
    }
}
