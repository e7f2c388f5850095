import Testing

@testable import Postgres

@Suite("What a client program complains of")
struct ProgramComplaintTests {
    @Test("is told without the rows it quotes")
    func rows() {
        let complaint = ProgramComplaint(
            """
            pg_restore: error: COPY failed for table "calls": ERROR:  new row for relation "calls" violates check constraint "calls_check"
            DETAIL:  Failing row contains (1, Ivan
            Ivanov, +7 900).
            CONTEXT:  COPY calls, line 1: "1	Ivan"
            pg_restore: error: could not execute query: ERROR:  value "secret" is out of range for type integer
            Command was: INSERT INTO calls VALUES ('secret');
            """, of: "pg_restore")
        #expect(
            complaint.description
                == #"pg_restore: error: COPY failed for table "calls": ERROR:  new row for relation "calls" violates check constraint "calls_check"; "#
                + #"pg_restore: error: could not execute query: ERROR:  value "…" is out of range for type integer"#)
    }

    @Test("is told without the value it could not read, over lines")
    func values() {
        let complaint = ProgramComplaint(
            "psql:<stdin>:2: ERROR:  invalid input syntax for type integer: \"Ivan\nIvanov\"\npsql: error: over", of: "psql")
        #expect(complaint.description == "psql:<stdin>:2: ERROR:  invalid input syntax for type integer: \"…; psql: error: over")
    }

    @Test(
        "is the file's fault or the host's",
        arguments: [
            ("psql:<stdin>:2: ERROR:  relation \"t\" already exists", "psql", true),
            ("pg_restore: error: could not uncompress data: incorrect data check", "pg_restore", true),
            ("gzip: stdin: unexpected end of file", "psql", true),
            ("pg_restore: error: could not read from input file: Input/output error", "pg_restore", false),
            ("psql:<stdin>:2: ERROR:  out of memory", "psql", false),
            ("psql: error: connection to server on socket \"x\" failed", "psql", false),
            ("/bin/bash: line 1: zstdcat: command not found", "psql", false), ("", "psql", false),
        ])
    func blame(text: String, program: String, isOfFile: Bool) {
        #expect(ProgramComplaint(text, of: program).isOfFile == isOfFile)
    }

    @Test("may be nothing")
    func nothing() {
        #expect(ProgramComplaint("", of: "psql").description == "without a word")
    }
}
