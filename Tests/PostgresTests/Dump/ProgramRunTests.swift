import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import Postgres

@Suite struct ProgramRunTests {
    @Test func aProgramThatFallsSilentIsEndedAndNamed() async throws {
        try await running("echo begun; exec sleep 600", limit: .seconds(3)) { run in
            var taken: [UInt8] = []
            let error = await #expect(throws: BackupError.self) { try await run.forEachChunk { taken += $0 } }
            #expect(taken == Array("begun\n".utf8))
            #expect(error?.code == .stalled && error?.message.contains("pg_dump") == true)
        }
    }

    @Test func theTimeWeTakeIsNotTheProgramsSilence() async throws {
        try await running("echo one; echo two", limit: .seconds(2)) { run in
            var taken: [UInt8] = []
            try await run.forEachChunk { chunk in
                taken += chunk
                try await Task.sleep(for: .milliseconds(2500))
            }
            #expect(taken == Array("one\ntwo\n".utf8))
        }
    }

    @Test func aFailureBringsTheProgramsOwnWords() async throws {
        try await running("echo 'no such thing' >&2; exit 1", limit: .seconds(60)) { run in
            let error = await #expect(throws: BackupError.self) { try await run.forEachChunk { _ in } }
            #expect(error?.message.contains("no such thing") == true)
        }
    }

    @Test(
        arguments: [
            (
                "pg_dump: error: query failed: ERROR:  permission denied\npg_dump: detail: Query was: SELECT\na,\nb,\nc,\nd,\ne",
                "pg_dump: error: query failed: ERROR:  permission denied; pg_dump: detail: Query was: SELECT; a,; b,; c, (and 2 more lines)"
            ),
            (
                "pg_dump: warning: there are circular foreign-key constraints\npg_dump: hint: x\npg_dump: error: aborted\n",
                "pg_dump: error: aborted"
            ),
            ("no such thing", "no such thing"), ("", "without a word"),
        ])
    func theFirstErrorIsToldWhateverComesBehindIt(_ complaints: String, _ words: String) {
        #expect(ProgramRun.words(complaints, of: "pg_dump") == words)
    }

    /// A program named pg_dump that does what `script` says.
    private func running(_ script: String, limit: Duration, _ body: (ProgramRun) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let program = folder.appending("pg_dump").string
            let says = "if [ \"$1\" = --version ]; then echo 'pg_dump (PostgreSQL) 15.1'; exit; fi"
            try await Command("bash", ["-c", "cat > \"$0\" && chmod +x \"$0\"", program]).output(input: "#!/bin/sh\n\(says)\n\(script)\n")
            let programs = try await ClientPrograms.find(forServer: 150000, preferred: folder.string, path: nil)
            try await body(
                ProgramRun(
                    "pg_dump", of: programs, arguments: [], target: ConnectionTarget(keywords: ["host": "127.0.0.1"]), stallLimit: limit))
        }
    }
}
