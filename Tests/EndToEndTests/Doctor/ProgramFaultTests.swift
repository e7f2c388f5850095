import BackupTestKit
import Foundation
import Glibc
import SystemPackage
import Testing

/// The machine's apt is played: it does what the laboratory has of a package.
@Suite("The doctor's fault catalogue, programs of this machine", .timeLimit(.minutes(10)))
struct ProgramFaultTests {
    private typealias Settings = [String: String?]

    @Test("A pg_dump older than the server is replaced by the package of the server's release")
    func old() async throws {
        try await withLaboratory { lab in
            try await withTemporaryFolder { folder in
                try await lab.does(client("15.14", in: folder, of: lab))
                try await lab.offer("postgresql-client-17", doing: links(Self.clientPrograms, in: folder.string, of: lab))
                let settings: Settings = ["PG_BIN_DIR": folder.string, "PATH": "/usr/bin:/bin"]
                let finding = try await lab.expect(.dumpProgramOld, settings, as: try withoutDebians())
                #expect(finding?.evidence?.contains("the server is PostgreSQL 17, but pg_dump is older: 15") == true, "\(finding as Any)")
                #expect(finding?.remedy.commands.first == "apt install postgresql-client-17", "\(finding as Any)")
                try await lab.follow(finding, with: settings)
            }
        }
    }

    /// What has a program called where Debian's own client is none that fits: it may be as new as the server.
    private func withoutDebians() throws -> [String] {
        let fits = (17...30).contains { access("/usr/lib/postgresql/\($0)/bin/pg_dump", X_OK) == 0 }
        guard fits else { return [] }
        guard geteuid() == 0 else { try Test.cancel("this machine has a client that fits, and hiding it takes root") }
        return ["unshare", "-m", "bash", "-c", #"mount -t tmpfs none /usr/lib/postgresql && exec "$@""#, "without"]
    }

    /// What Debian has may be as old, which the laboratory overlooks: so the answer is read as it comes.
    @Test("A pg_dump with known holes is told with the release that mends it, and its package is that release")
    func dangerous() async throws {
        try await withLaboratory { lab in
            try await withTemporaryFolder { folder in
                try await lab.does(client("17.9", in: folder, of: lab))
                try await lab.offer("postgresql-client-17", doing: client("17.11", in: folder, of: lab))
                let found = try await findings(lab, folder)
                let (code, team) = CatalogueFault.dumpProgramDangerous.expected
                let finding = try #require(found.first)
                #expect(found.count == 1 && finding.code == code && finding.team.code == team.rawValue, "\(found)")
                #expect(finding.evidence?.contains("mended in 17.11;") == true, "\(finding)")
                #expect(finding.remedy.commands == ["apt install --only-upgrade postgresql-client-17"])
                if finding.code == code { try InjectedFaults.record(.dumpProgramDangerous) }
                for command in finding.remedy.commands { try await lab.does(command) }
                let left = try await findings(lab, folder)
                #expect(left.isEmpty, "\(left)")
            }
        }
    }

    private func findings(_ lab: Laboratory, _ programs: FilePath) async throws -> [DoctorAnswer.Finding] {
        var command = lab.admin.command("doctor", "--json")
        command.environment["PG_BIN_DIR"] = programs.string
        return try JSONDecoder().decode(DoctorAnswer.self, from: Data(try await command.outcome().output.utf8)).findings
    }

    @Test("A host that cannot prove backups by restore says what it lacks, and can once its package is installed")
    func proof() async throws {
        try await withLaboratory { lab in
            try await withTemporaryFolder { folder in
                let settings: Settings = ["BACKUP_VERIFY_LEVEL": "restore", "PG_BIN_DIR": "\(folder)/bin", "PATH": "/usr/bin:/bin"]
                let share = try await Command(lab.postgres.program("pg_config").string, ["--sharedir"]).output().dropLast()
                func control(_ name: String) -> String {
                    "install -D -m 644 -t '\(folder)/share/extension' '\(share)/extension/\(name).control'"
                }
                try await lab.does(links(Self.clientPrograms, in: "\(folder)/bin", of: lab))
                let server = links(["initdb", "postgres", "pg_ctl"], in: "\(folder)/bin", of: lab)
                try await lab.offer("postgresql-17", doing: "\(server) && \(control("plpgsql"))")
                let programs = try await lab.expect(.programsMissing, settings)
                #expect(programs?.remedy.commands.first == "apt install postgresql-17", "\(programs as Any)")
                try await lab.follow(programs, with: settings)
                try await lab.postgres.psql("CREATE EXTENSION citext", database: Laboratory.database)
                try await lab.offer("postgresql-17", doing: control("citext"))
                let lacking = try await lab.expect(.extensionMissing, settings)
                #expect(lacking?.evidence == "citext")
                try await lab.follow(lacking, with: settings)
            }
        }
    }

    private static let clientPrograms = ["pg_dump", "pg_dumpall", "psql", "pg_restore"]

    /// What installs programs of the server's own release.
    private func links(_ names: [String], in folder: String, of lab: Laboratory) -> String {
        let all = names.map { "'\(lab.postgres.program($0))'" }.joined(separator: " ")
        return "mkdir -p '\(folder)' && ln -sf \(all) '\(folder)/'"
    }

    /// What installs a client that says it is of that release.
    private func client(_ version: String, in folder: FilePath, of lab: Laboratory) -> String {
        let others = links(Array(Self.clientPrograms.dropFirst()), in: folder.string, of: lab)
        let words = #"'#!/bin/sh\necho "pg_dump (PostgreSQL) \#(version)"\n'"#
        return "\(others) && printf \(words) >'\(folder)/pg_dump' && chmod 755 '\(folder)/pg_dump'"
    }
}
