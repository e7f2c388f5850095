import BackupTestKit
import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("doctor --fix")
struct RepairTests {
    @Test("Links, rights and what a killed run left are put right; nothing is done unasked")
    func files() async throws {
        try await withLaboratory { lab in
            try await unconfirmed(lab)
            try await links(lab)
            try await settings(lab)
            try await leftovers(lab)
        }
    }

    /// Without a terminal and without --yes the steps are shown, and so they are by --dry-run.
    private func unconfirmed(_ lab: Laboratory) async throws {
        let link = "\(lab.admin.folder)/latest.sql.gz"
        try await Command("ln", ["-sfn", "nowhere.sql.gz", link]).output()
        let refused = try await lab.admin.command("doctor", "--fix").outcome()
        #expect(refused.status == 2)
        #expect(refused.errors.contains("ERROR: --fix has to be confirmed") && refused.errors.contains("nothing was done"), "\(refused)")
        #expect(refused.output.contains("1. Let the links in \(lab.admin.folder) name the newest backup (link-dangling)"), "\(refused)")
        let planned = try await lab.admin.command("doctor", "--fix", "--dry-run", "--json").outcome()
        let answer = try JSONDecoder().decode(FixAnswer.self, from: Data(planned.output.utf8))
        #expect(planned.status == 1 && answer.steps.map(\.state) == ["planned"] && answer.after == nil)
        #expect(try await Command("readlink", [link]).output() == "nowhere.sql.gz\n")
    }

    /// The manifest's link names a backup that is newer than any there is.
    private func links(_ lab: Laboratory) async throws {
        let folder = lab.admin.folder
        try await Command("ln", ["-sfn", "20990101T000000Z.json", "\(folder)/latest.json"]).output()
        try await Command("chmod", ["644", try await lab.file("Z.sql.gz")]).output()
        try await lab.expectRepairs([("link-dangling", "link"), ("files-readable", "close-files")])
        let target = try await Command("readlink", ["\(folder)/latest.sql.gz"]).output()
        #expect(folder.appending(target.trimmingCharacters(in: .newlines)).string == (try await lab.file("Z.sql.gz")))
    }

    @Test("Files that belong to somebody else are given to whom the folder belongs")
    func owners() async throws {
        guard geteuid() == 0 else { try Test.cancel("only root can give files away") }
        try await withLaboratory { lab in
            try await Command("chown", ["65534", try await lab.file("Z.sql.gz")]).output()
            try await lab.expectRepairs([("files-foreign", "return-files")])
        }
    }

    private func settings(_ lab: Laboratory) async throws {
        let file = lab.admin.folder.appending("../env").string
        let edit = #"echo "REDIS_PASSWORD=\#(Laboratory.password)" >"$0" && chmod 644 "$0""#
        try await Command("bash", ["-c", edit, file]).output()
        let environment: [String: String?] = ["BACKUP_ENV_FILE": file, "REDIS_URL": lab.redis.url()]
        try await lab.expectRepairs([("secret-readable", "close-settings")], environment)
        #expect(try await Command("stat", ["-c", "%a", file]).output() == "640\n")
    }

    /// A half file, and a whole one that no manifest names.
    private func leftovers(_ lab: Laboratory) async throws {
        let folder = lab.admin.folder
        let key = "\(Laboratory.database)-20260101T000000Z.sql.gz"
        let make = #"""
            cp "$1" "$0/$2" && echo half >"$0/.$2.partial-1-1" && chmod 600 "$0"/.*partial* && mkdir -p "$0/../state/runs" &&
            echo "$2" >"$0/../state/runs/20260101T000000Z"
            """#
        try await Command("bash", ["-c", make, folder.string, try await lab.file("Z.sql.gz"), key]).output()
        try await lab.expectRepairs([("leftovers", "remove-leftovers")])
        let left = try await Command("bash", ["-c", "ls -A \"$0\"", folder.string]).output()
        #expect(!left.contains(key) && !left.contains("partial"), "\(left)")
    }

    /// Whoever owns the folder may not write to it; root may everywhere, so somebody else looks.
    @Test("A folder whose owner may not write to it is opened")
    func closedFolder() async throws {
        try await withLaboratory { lab in
            let other = geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
            if let program = other.first {
                let mayRun = try await Command(program, Array(other.dropFirst()) + [AdminProgram.path, "--version"]).outcome().status == 0
                guard mayRun else { try Test.cancel("the programs are in a folder of root alone") }
                try await Command("chown", ["-R", "65534:65534", lab.admin.folder.removingLastComponent().string]).output()
            }
            try await Command("chmod", ["500", lab.admin.folder.string]).output()
            try await lab.expectRepairs([("folder-forbidden", "open-folder")], as: other)
        }
    }

    @Test("A server that has ended, as its manager says, is started, and so is what comes of it mended", arguments: ["compose", "systemd"])
    func servers(manager: String) async throws {
        try await withLaboratory { lab in
            let environment: [String: String?] = ["BACKUP_MANAGED_BY": manager, "PATH": lab.path]
            try await lab.postgres.crash()
            let planned = try await lab.planned(environment)
            #expect(planned.steps.map(\.code) == ["start-postgres"] && planned.steps.map(\.state) == ["planned"], "\(planned)")
            try await lab.expect(.serverCrashed, environment)
            try await lab.expectRepairs([("postgres-down", "start-postgres")], environment)
            try await lab.redis.crash()
            try await lab.expectRepairs([("redis-down", "start-redis")], environment)
        }
    }

    @Test("A backup that is overdue is taken")
    func overdue() async throws {
        try await withLaboratory { lab in
            try await lab.beginAnew(hoursAgo: 50)
            try await lab.expect(.backupOverdue)
            try await lab.expectRepairs([("overdue", "backup")])
        }
    }

    /// Somebody else is to begin them then.
    @Test("Where none is scheduled an old backup is told, and a new one is taken as it is typed")
    func unscheduled() async throws {
        try await withLaboratory { lab in
            try await lab.beginAnew(hoursAgo: 50)
            let settings: [String: String?] = ["BACKUP_SCHEDULE": "none"]
            try await lab.follow(try await lab.expect(.scheduleNone, settings), with: settings)
        }
    }

    @Test("A damaged newest backup is replaced by a new one, which is verified and recorded as a run")
    func backup() async throws {
        try await withLaboratory { lab in
            try await Command("truncate", ["-s", "100", try await lab.file("Z.sql.gz")]).output()
            let answer = try await lab.fix()
            #expect(answer.steps.map(\.code) == ["backup"] && answer.steps.map(\.state) == ["done"], "\(answer)")
            // The damaged one stays for whoever wants to look at it, and is no failure any more.
            #expect(answer.after?.findings.map(\.code) == ["artifact-changed"] && answer.after?.verdict == "warnings", "\(answer)")
            let runs = #"SELECT group_concat(record ->> 'kind') FROM (SELECT record FROM run ORDER BY startedAt)"#
            try requireProgram("sqlite3", package: "sqlite3")
            let recorded = try await Command("sqlite3", ["\(lab.admin.folder)/../state/history.sqlite", runs]).output()
            #expect(recorded == "backup,backup\n")
        }
    }

    /// Unset, and switched off: the doctor puts his name to no backup that was only written.
    @Test("The backup it takes is verified by its content at least, whatever the settings do not ask for", arguments: [nil, "none"])
    func proved(level: String?) async throws {
        try await withLaboratory { lab in
            var lab = lab
            lab.admin.environment["BACKUP_VERIFY_LEVEL"] = .some(level)
            try await Command("truncate", ["-s", "100", try await lab.file("Z.sql.gz")]).output()
            let answer = try await lab.fix()
            #expect(answer.steps.map(\.code) == ["backup"] && answer.steps.map(\.state) == ["done"], "\(answer)")
            let manifest = try Data(contentsOf: URL(filePath: try await lab.file("Z.json")))
            let proofs = try JSONDecoder().decode(ProvedManifest.self, from: manifest).verifications
            #expect(Set(proofs.map(\.level)).isSubset(of: level == nil ? ["content", "restore"] : ["content"]), "\(proofs)")
            #expect(proofs.contains { $0.artifact.hasSuffix(".sql.gz") && $0.passed } && proofs.allSatisfy(\.passed), "\(proofs)")
        }
    }

    @Test("A full disk is made room on by the rules of retention")
    func fullDisk() async throws {
        try await withSmallDisk(limit: 90) { lab, disk in
            let noise =
                "CREATE TABLE noise AS SELECT md5(n::text) || md5((n + 7)::text) || md5((n * 3)::text) AS said FROM generate_series(1, 40000) n"
            try await lab.postgres.psql(noise, database: Laboratory.database)
            for _ in 0..<3 { try await lab.admin.command("db", "backup").output() }
            let fill = #"head -c $(( $(df --output=avail -B1 "$0" | tail -1) - 600000 )) /dev/zero >"$0/ballast""#
            try await Command("bash", ["-c", fill, disk]).output()
            try await lab.expectRepairs([("disk-full", "prune")])
        }
    }

    @Test("Inodes that old backups have used up are given back by the same rules")
    func manyFiles() async throws {
        try await withSmallDisk(limit: 80) { lab, disk in
            for _ in 0..<6 { try await lab.admin.command("db", "backup").output() }
            let few = #"used=$(($(stat -f -c '%c - %d' "$0"))); mount -o remount,nr_inodes=$((used + 3)) "$0""#
            try await Command("bash", ["-c", few, disk]).output()
            try await lab.expectRepairs([("inodes-full", "prune")])
        }
    }

    /// Of what the body has backed up on it the rules of retention keep one.
    /// - Parameter limit: how full it may be, in percent.
    private func withSmallDisk(limit: Int, _ body: (Laboratory, _ disk: String) async throws -> Void) async throws {
        guard geteuid() == 0 else { try Test.cancel("mounting a small file system takes root") }
        try await withLaboratory { lab in
            try await SmallFilesystem.with(mebibytes: 16) { disk in
                var lab = lab
                let settings = [
                    "BACKUP_DIR": disk.string, "BACKUP_DISK_MAX_PERCENT": "\(limit)", "BACKUP_RETENTION_LAST": "1",
                    "BACKUP_RETENTION_MIN_VERIFIED": "1", "BACKUP_RETENTION_PROOF": "content", "BACKUP_VERIFY_LEVEL": "content",
                ]
                lab.admin.environment.merge(settings) { $1 }
                try await body(lab, disk.string)
                #expect(try await Command("bash", ["-c", "ls \"$0\"/*Z.json", disk.string]).output().split(separator: "\n").count == 1)
            }
        }
    }

    @Test("A store that lacks a copy gets it, and a catalog that is damaged is read anew")
    func stores() async throws {
        try await withLaboratory { lab in
            try await withS3 { s3, prefix in
                var lab = lab
                let settings = [
                    "BACKUP_S3_BUCKET": s3.bucket, "BACKUP_S3_PREFIX": prefix, "AWS_ENDPOINT_URL_S3": s3.url, "AWS_REGION": s3.region,
                    "AWS_ACCESS_KEY_ID": s3.accessKeyID, "AWS_SECRET_ACCESS_KEY": s3.secretAccessKey,
                ]
                lab.admin.environment.merge(settings) { $1 }
                try await lab.expectRepairs([("missing-copies", "sync")])
                // Only who lists remembers what it read; the doctor changes nothing.
                try await lab.admin.command("db", "list").output()
                try requireProgram("sqlite3", package: "sqlite3")
                let damage = "UPDATE manifest SET content = CAST('no JSON' AS BLOB)"
                try await Command("sqlite3", ["\(lab.admin.folder)/../state/catalog.sqlite", damage]).output()
                try await lab.expectRepairs([("manifest-unreadable", "rebuild-catalog"), ("missing-copies", "sync")])
                try await Command("rm", [try await lab.file("Z.sql.gz")]).output()
                try await lab.expectRepairs([("artifact-missing", "sync")])
                try await Command("rm", [try await lab.file("Z.json")]).output()
                try await lab.expectRepairs([("manifest-missing", "sync")])
            }
        }
    }
}

/// What a manifest says of its proofs.
private struct ProvedManifest: Decodable {
    struct Proof: Decodable {
        var artifact: String
        var level: String
        var passed: Bool
    }

    var verifications: [Proof]
}

/// The answer of `doctor --fix --json`, as far as the tests read it.
struct FixAnswer: Decodable {
    struct Step: Decodable {
        var code: String
        var findings: [String]
        var state: String
        var failure: String?
    }

    var before: DoctorAnswer
    var steps: [Step]
    var after: DoctorAnswer?
}

extension Laboratory {
    func fix(_ environment: [String: String?] = [:], as prefix: [String] = []) async throws -> FixAnswer {
        let words = ["doctor", "--fix", "--yes", "--json"]
        var command = admin.command(words)
        if let program = prefix.first {
            (command.program, command.arguments) = (program, Array(prefix.dropFirst()) + [AdminProgram.path] + words)
        }
        command.environment.merge(environment) { $1 }
        let outcome = try await command.outcome()
        var answer = try JSONDecoder().decode(FixAnswer.self, from: Data(outcome.output.utf8))
        // As in `doctor`.
        answer.after?.findings.removeAll { $0.code == "client-minor" }
        return answer
    }

    /// What would be done.
    func planned(_ environment: [String: String?]) async throws -> FixAnswer {
        var command = admin.command("doctor", "--fix", "--dry-run", "--json")
        command.environment.merge(environment) { $1 }
        return try JSONDecoder().decode(FixAnswer.self, from: Data(try await command.outcome().output.utf8))
    }

    /// Each fault has its repair, all of them are done, and nothing is found afterwards.
    func expectRepairs(
        _ repairs: [(finding: String, step: String)], _ environment: [String: String?] = [:], as prefix: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await fix(environment, as: prefix)
        for (finding, step) in repairs {
            let carriedOut = answer.steps.first { $0.code == step }
            #expect(carriedOut?.findings.contains(finding) == true, "\(answer)", sourceLocation: sourceLocation)
        }
        #expect(
            answer.steps.count == repairs.count && answer.steps.allSatisfy { $0.state == "done" }, "\(answer)",
            sourceLocation: sourceLocation)
        #expect(answer.after?.findings.map(\.code) == [], "\(answer)", sourceLocation: sourceLocation)
    }
}
