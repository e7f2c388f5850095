import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("The end of the log of PostgreSQL")
struct PostgresLogLookTests {
    private static let died = """
        2026-02-14 02:00:00.000 UTC [17] LOG:  listening on IPv4 address "127.0.0.1", port 5433
        2026-02-14 02:00:01.000 UTC [18] PANIC:  could not write to file "pg_wal/xlogtemp.18": No space left on device
        2026-02-14 02:00:01.000 UTC [17] LOG:  startup process (PID 18) was terminated by signal 6: Aborted

        """

    private static let written = Instant(secondsSinceEpoch: 1_771_034_400)

    /// Two clusters of Debian's: `17/main` on port 5433 and `15/main` on the usual one.
    private func words(on port: Int, _ log: String = Self.died, later: Duration = .seconds(60)) async throws -> String? {
        let conf = "#port = 1\nport = 5433 # (change requires restart)\n"
        return try await withTemporaryFolder { folder in
            let make = #"""
                cd "$0" && mkdir -p log etc/17/main etc/15/main && printf %s "$2" >log/postgresql-17-main.log
                printf 'FATAL:  of the other\n' >log/postgresql-15-main.log && printf '#port = 5432\n' >etc/15/main/postgresql.conf
                printf %s "$1" >etc/17/main/postgresql.conf && printf 'PANIC:  of last week\n' >log/postgresql-17-main.log.1
                touch -d @"$3" log/*
                """#
            try await Command("bash", ["-c", make, folder.string, conf, log, "\(Self.written.millisecondsSinceEpoch / 1000)"]).output()
            let (logs, settings) = ("\(folder)/log", "\(folder)/etc")
            return PostgresLogLook(port: port, now: Self.written + later, logs: logs, settings: settings).lastWords()
        }
    }

    @Test("Of the cluster that has the port, whatever others are on the machine")
    func cluster() async throws {
        let panic = #"2026-02-14 02:00:01.000 UTC [18] PANIC:  could not write to file "pg_wal/xlogtemp.18": No space left on device"#
        #expect(try await words(on: 5433) == panic)
        #expect(try await words(on: 5432) == "FATAL:  of the other")
        #expect(try await words(on: 5434) == nil)
    }

    @Test("What is further back than the last lines is of another time")
    func old() async throws {
        let later = String(repeating: "2026-02-14 03:00:00.000 UTC [17] LOG:  checkpoint starting: time\n", count: 20)
        #expect(try await words(on: 5433, Self.died + later) == nil)
        #expect(try await words(on: 5433, "") == nil)
    }

    @Test("A log that nobody has written to for a day is of a server that is not meant to run")
    func stopped() async throws {
        #expect(try await words(on: 5433, later: .seconds(86_000)) != nil)
        #expect(try await words(on: 5433, later: .seconds(87_000)) == nil)
    }

    @Test("A server that speaks Russian is understood", arguments: ["ВАЖНО", "ПАНИКА"])
    func russian(_ label: String) async throws {
        let line = "2026-02-14 02:00:01.000 MSK [18] \(label):  не удалось записать файл"
        #expect(try await words(on: 5433, "\(line)\n") == line)
    }

    @Test(
        "A statement is never told, whatever words are in it",
        arguments: [
            "2026-02-14 02:00:01.000 UTC [18] STATEMENT:  SELECT 'FATAL:  secret'", "\tPASSWORD 'FATAL:  secret'",
            "2026-02-14 02:00:01.000 UTC [18] ОПЕРАТОР:  SELECT 'ВАЖНО:  secret'",
            "2026-02-14 02:00:01.000 UTC [18] DETAIL:  FATAL:  secret",
        ])
    func statement(_ line: String) async throws {
        #expect(try await words(on: 5433, "\(line)\n") == nil)
    }

    @Test("Of a line that is longer than can be read its end is no line, and of one that can its beginning is told")
    func long() async throws {
        let much = String(repeating: "x", count: 20_000)
        #expect(try await words(on: 5433, "[18] STATEMENT:  SELECT '\(much)' FATAL:  secret\n") == nil)
        #expect(try await words(on: 5433, "[18] FATAL:  \(much.prefix(1_000))\n") == "[18] FATAL:  \(much.prefix(287))")
    }

    @Test("Where there is no such folder nothing is said")
    func none() {
        #expect(PostgresLogLook(port: 5432, now: Self.written, logs: "/no/such/folder", settings: "/no/such/folder").lastWords() == nil)
    }
}
