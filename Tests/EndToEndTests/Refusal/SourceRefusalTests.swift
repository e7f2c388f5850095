import BackupTestKit
import Testing

@Suite("A source that cannot be read")
struct SourceRefusalTests {
    @Test("a wrong password is said to be one, and never printed")
    func wrongPassword() async throws {
        try requireServer(15)
        try await withPostgres(PostgresBlueprint(password: "right")) { server in
            try await withAdmin(server) { admin in
                let outcome = try await refusal(of: admin, "postgres", ["PGPASSWORD": "wrong-secret"])
                #expect(outcome.status == 4)
                #expect(outcome.errors.contains("auth"))
                #expect(!outcome.errors.contains("wrong-secret"))
            }
        }
    }

    @Test(
        "an unknown host, a port nobody listens on and a missing database each have their own words",
        arguments: [
            (["PGHOST": "no-such-host.invalid"], "postgres", "no-such-host.invalid"), (["PGPORT": "1"], "postgres", "refused"),
            ([:], "no such database", "no such database"),
        ])
    func unreachable(environment: [String: String], database: String, word: String) async throws {
        try requireServer(15)
        try await withAdmin(try await SharedServers.shared.server()) { admin in
            let outcome = try await refusal(of: admin, database, environment)
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains(word))
        }
    }

    /// What a backup that has to fail says; there must be an error, a hint, and nothing in the folder.
    private func refusal(of admin: AdminProgram, _ database: String, _ environment: [String: String]) async throws -> Command.Outcome {
        var command = admin.command("db", "backup", "--database", database)
        command.environment.merge(environment) { $1 }
        let outcome = try await command.outcome()
        #expect(outcome.errors.contains("ERROR: Backup failed"))
        #expect(outcome.errors.contains("hint: "))
        let entries = try await admin.entries()
        #expect(entries == [])
        return outcome
    }
}
