import BackupModel
import BackupService
import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("What `make install` puts on a system")
struct InstallationTests {
    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        .removingLastComponent()

    private func withInstallation(_ body: (FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let environment = ["DESTDIR": folder.string, "PREFIX": "/usr"]
            try await Command(script("install"), [AdminProgram.programs.string], environment: environment).output()
            try await body(folder)
        }
    }

    private func script(_ name: String) -> String { Self.root.appending("scripts").appending(name).string }

    @Test("Every program runs from there, and has its manual page, completions and unit")
    func installs() async throws {
        try await withInstallation { folder in
            let version = try await Command("\(folder)/usr/bin/call-center-admin", ["--version"]).output()
            #expect(version.hasPrefix("call-center-backup "))
            let files = try await Command("find", [folder.string, "-type", "f", "-printf", "%P %m\\n"]).output().split(separator: "\n")
            for expected in [
                "usr/bin/call-center-admin 755", "usr/share/man/man1/call-center-admin-db-backup.1 644",
                "usr/share/bash-completion/completions/call-center-admin 644",
                "lib/systemd/system/call-center-backup.service 644", "usr/lib/sysusers.d/call-center-backup.conf 644",
            ] { #expect(files.contains { $0 == expected }, "\(expected)") }
            let links = try await Command("find", [folder.string, "-type", "l", "-printf", "%P %l\\n"]).output().split(separator: "\n")
            #expect(links.sorted() == ["backup-now", "backup-service", "backup-verify"].map { "usr/bin/\($0) call-center-admin" })
        }
    }

    @Test(
        "By each of its names it helps with what that does, and refuses what that does not know",
        arguments: zip(
            Program.allCases,
            [
                "USAGE: call-center-admin <subcommand>", "USAGE: backup-service [", "USAGE: call-center-admin db backup",
                "USAGE: call-center-admin db verify-backup",
            ]))
    func names(program: Program, usage: String) async throws {
        let help = try await Command(AdminProgram.path(of: program), ["--help"]).outcome()
        #expect(help.status == 0 && help.output.contains(usage) && help.errors == "", "\(help)")
        let refusal = try await Command(AdminProgram.path(of: program), ["--no-such-option"]).outcome()
        #expect(refusal.status == ExitStatus.usage.rawValue && refusal.output == "", "\(refusal)")
    }

    @Test("Found in PATH by a bare name, or by a path that leads round about, it is the same")
    func calls() async throws {
        try await withInstallation { folder in
            let path = ["PATH": "\(folder)/usr/bin:/usr/bin:/bin"]
            let script = "backup-service --help && cd \"$0\"/usr/share && ../bin//backup-service --help"
            let help = try await Command("bash", ["-c", script, folder.string], environment: path).output()
            #expect(help.components(separatedBy: "USAGE: backup-service").count == 3)
        }
    }

    @Test("systemd understands every line of the unit, and finds little that the service could do to the machine")
    func unit() async throws {
        try requireProgram("systemd-analyze", package: "systemd")
        try await withInstallation { folder in
            let unit = "\(folder)/lib/systemd/system/call-center-backup.service"
            // The program is not installed where the unit expects it, and manual pages are another matter.
            try await Command("sed", ["-i", "s#^ExecStart=.*#ExecStart=/bin/true#; /^Documentation=/d", unit]).output()
            let verdict = try await Command("systemd-analyze", ["verify", unit]).outcome()
            #expect(verdict.errors == "")
            let threshold = try await exposure()
            let analysis = ["security", "--offline=true", "--threshold=\(threshold)", unit]
            let report = try await Command("systemd-analyze", analysis).outcome()
            #expect(report.status == 0, "\(report.output)")
            // A unit that bounds nothing is seen.
            try await Command("bash", ["-c", "printf '[Service]\nExecStart=/bin/true\n' > \"$0\"", unit]).output()
            #expect(try await Command("systemd-analyze", analysis).outcome().status != 0)
        }
    }

    /// What the unit may be exposed to at most, in tenths; only what is above it fails. Each release of systemd weighs anew, and asks for more: Debian 12's
    /// is held to what it finds today.
    private func exposure() async throws -> Int {
        let version = try await Command("systemd-analyze", ["--version"]).output()
        return version.hasPrefix("systemd 252 ") ? 19 : 25
    }

    @Test("The example of settings names settings that there are")
    func settings() async throws {
        let example = try await Command("cat", [Self.root.appending("deploy/systemd/env.example").string]).output()
        let names = example.split(separator: "\n").compactMap { $0.firstMatch(of: /^(?:# )?([A-Z_]+)=/).map { String($0.1) } }
        #expect(names.contains("DATABASE_URL"))
        let known = try await Command(AdminProgram.path, ["config", "show"], environment: ["BACKUP_ENV_FILE": "/dev/null"]).output()
        for name in names { #expect(known.contains(name), "\(name)") }
    }

    @Test("A package is not made of programs that would not start without Swift")
    func package() async throws {
        let outcome = try await Command(script("package-deb"), [AdminProgram.programs.string, "/nowhere"]).outcome()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("scripts/build-static"))
    }
}
