import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("A failure says what the doctor found")
struct ExplainedFailureTests {
    @Test("db backup ends with the cause, what shows it, the command to begin with and whom to call; the log of the run has them too")
    func backup() async throws {
        try await withLaboratory { lab in
            try await lab.postgres.psql("REVOKE pg_read_all_data FROM backup")
            let failed = try await lab.admin.command("db", "backup", "--only", "postgres").outcome()
            #expect(failed.status == 1, "\(failed.errors)")
            let lines = failed.errors.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("ERROR: Backup failed: ") })
            let told = lines.suffix(5).map(String.init)
            let starts = [
                "diagnosis: the role backup may not read all of call_center (rights-lacking)", "shown by: ", "next: ", "runbook: Step 2: ",
            ]
            #expect(zip(told, starts).allSatisfy { $0.hasPrefix($1) }, "\(failed.errors)")
            #expect(told.count == 5 && told[2].contains("GRANT pg_read_all_data TO"), "\(failed.errors)")
            #expect(told.last == "call: Database Administrator")
            let log = try await lab.newestLog()
            #expect(log.suffix(3).map { $0["event"] } == ["error", "note", "closed"], "\(log)")
            #expect(log.suffix(2).first?["message"]?.contains("(rights-lacking); do: ") == true)
        }
    }

    @Test("What was asked for is examined, not what is configured")
    func chosen() async throws {
        try await withLaboratory { lab in
            var backup = lab.admin.command("db", "backup", "--database", "no_such_database")
            backup.environment["BACKUP_DATABASES"] = Laboratory.database
            let failed = try await backup.outcome()
            // Redis is saved.
            #expect(failed.status == 8)
            #expect(
                failed.errors.contains("diagnosis: the database no_such_database does not exist (database-missing)"), "\(failed.errors)")
        }
    }
}

extension Laboratory {
    /// The log of the newest run, the words of each line.
    func newestLog() async throws -> [[String: String]] {
        let newest = try await Command("bash", ["-c", #"ls -t "$0"/*.jsonl | head -1 | xargs cat"#, "\(admin.folder)/../state/logs"])
            .output()
        return newest.split(separator: "\n").map { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return (object ?? [:]).compactMapValues { $0 as? String }
        }
    }
}
