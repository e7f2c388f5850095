import BackupTestKit
import DumpFormat
import Glibc
import SystemPackage
import Testing

@testable import Postgres

@Suite("A restore with nothing but the standard tools")
struct StandardToolRestoreTests {
    private static let source = DumpIndex.Source(
        systemIdentifier: "", serverVersion: "", serverVersionNumber: 150000, database: "", encoding: "UTF8", collation: "C",
        characterType: "C", localeProvider: "c", snapshot: "", lsn: "", startedAt: "", finishedAt: "", isStandby: false)

    @Test("runs what a file makes psql run as the server's account, without our environment, without a network")
    func confined() async throws {
        try requireServer(15)
        // A process of its own: there is one environment for all tests, and whoever reads it while it changes may end them all.
        await #expect(processExitsWith: .success) {
            setenv("SECRET_OF_THE_TESTS", "bright", 1)
            try await withScratchDatabases { databases in
                let said = databases.folder.appending("said")
                try await Command("mkdir", ["-m", "777", said.string]).output()
                let script = "\\! (id -u; env; grep -c : /proc/net/dev) > '\(said)/all'\nCREATE TABLE calls (id int);\n"
                let file = databases.folder.appending("file.sql")
                try await Command("bash", ["-c", "cat > \"$1\" && gzip \"$1\"", "write", file.string]).output(input: script)
                try await withScratchPostgres(try databases.request()) { scratch in
                    try await StandardToolRestore(path: "\(file).gz", container: .gzip, source: StandardToolRestoreTests.source).run(
                        on: scratch, database: "calls")
                    let tables = try await PostgresConnection.with(scratch.target.with(database: "calls"), applicationName: "test") {
                        try await $0.rows("SELECT count(*) FROM calls")
                    }
                    #expect(tables == [["0"]])
                }
                let lines = try await Command("cat", ["\(said)/all"]).output().split(separator: "\n").map(String.init)
                #expect(!lines.contains { $0.contains("bright") }, "\(lines)")
                #expect(lines.first == (geteuid() == 0 ? "65534" : "\(geteuid())"))
                // The loopback alone, where namespaces can be made.
                #expect(geteuid() != 0 || lines.last == "1", "\(lines)")
            }
        }
    }
}
