import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("A healthy installation", .timeLimit(.minutes(5)))
struct HealthyInstallationTests {
    @Test("The doctor finds nothing, says so in both languages, and its status is 0")
    func healthy() async throws {
        try await withLaboratory { lab in
            // Whatever release of the client this machine has: one without known holes.
            let programs = lab.tools.folder.appending("programs").string
            let make = #"""
                mkdir "$1" && ln -s "$0"/* "$1" && rm "$1/pg_dump" && cat >"$1/pg_dump" && chmod +x "$1/pg_dump"
                """#
            let client = """
                #!/bin/bash
                if [[ $1 == --version ]]; then echo "pg_dump (PostgreSQL) 17.99"; else exec \(lab.postgres.program("pg_dump")) "$@"; fi

                """
            try await Command("bash", ["-c", make, lab.postgres.program("").string, programs]).output(input: client)
            for (language, words) in [("en", "All is well ("), ("ru", "Всё в порядке (")] {
                var doctor = lab.admin.command("doctor", "--lang", language)
                doctor.environment["PG_BIN_DIR"] = programs
                let outcome = try await doctor.outcome()
                #expect(outcome.status == 0, "\(outcome)")
                #expect(outcome.output.contains(words) && !outcome.output.contains("✗") && !outcome.output.contains("! "), "\(outcome)")
            }
            var json = lab.admin.command("doctor", "--json")
            json.environment["PG_BIN_DIR"] = programs
            let outcome = try await json.outcome()
            let answer = try JSONDecoder().decode(DoctorAnswer.self, from: Data(outcome.output.utf8))
            #expect(outcome.status == 0 && answer.verdict == "healthy" && answer.findings.isEmpty, "\(outcome)")
        }
    }
}
