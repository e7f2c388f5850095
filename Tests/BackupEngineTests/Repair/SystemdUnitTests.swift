import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A unit of systemd")
struct SystemdUnitTests {
    /// A systemctl that does what a script says, in the path of the test alone.
    private func withSystemctl(_ script: String, _ body: (_ path: String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let edit = #"printf '#!/bin/sh\n%s\n' "$1" >"$0/systemctl" && chmod 755 "$0/systemctl""#
            try await Command("bash", ["-c", edit, folder.string, script]).output()
            try await body(folder.string)
        }
    }

    @Test("is started by systemctl, and nothing else is asked of it")
    func starts() async throws {
        try await withSystemctl(#"echo "$@" >"$(dirname "$0")/asked""#) { path in
            try await SystemdUnit(name: "call-center-backup", path: "/no/such/folder:\(path)").start()
            #expect(try await Command("cat", ["\(path)/asked"]).output() == "start call-center-backup\n")
        }
    }

    @Test("that cannot be started says why")
    func fails() async throws {
        try await withSystemctl("echo 'Unit call-center-backup.service is masked.' >&2; exit 1") { path in
            let error = try #require(
                await #expect(throws: BackupError.self) { try await SystemdUnit(name: "call-center-backup", path: path).start() })
            #expect(error.message == "systemctl could not start call-center-backup: Unit call-center-backup.service is masked.")
            #expect(error.hint?.contains("journalctl -u call-center-backup") == true)
        }
    }

    @Test("needs systemctl")
    func missing() async throws {
        await #expect(throws: BackupError.self) { try await SystemdUnit(name: "call-center-backup", path: "/no/such/folder").start() }
    }
}
