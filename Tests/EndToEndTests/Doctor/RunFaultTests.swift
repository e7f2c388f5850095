import BackupTestKit
import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, runs and what they leave", .timeLimit(.minutes(10)))
struct RunFaultTests {
    @Test("Runs that failed, were killed or stand still; files that are not as they should be")
    func runs() async throws {
        try await withLaboratory { lab in
            try await failed(lab)
            try await stalled(lab)
            try await killed(lab)
            try await stale(lab)
            try await damaged(lab)
            try await shrunk(lab)
            try await leftovers(lab)
            try await history(lab)
        }
    }

    /// A half file that nobody writes any more. What the remedy names is `doctor --fix`.
    private func leftovers(_ lab: Laboratory) async throws {
        let half = "\(lab.admin.folder)/.\(Laboratory.database)-20260101T000000Z.sql.gz.partial-1-1"
        try await Command("bash", ["-c", #"echo half >"$0" && chmod 600 "$0""#, half]).output()
        let finding = try await lab.expect(.leftoversLie)
        #expect(finding?.remedy.commands == ["call-center-admin doctor --fix"])
        // Nobody is at a terminal to confirm it.
        _ = try await lab.fix()
        try await lab.expectHealth()
    }

    private func failed(_ lab: Laboratory) async throws {
        var command = lab.admin.command("db", "backup")
        command.environment["REDIS_URL"] = lab.redis.url()
        _ = try await command.outcome()
        let finding = try await lab.expect(.runFailed)
        #expect(finding?.evidence?.contains("NOAUTH") == true, "\(finding as Any)")
        // The password is right again; what is left is to take the backup.
        try await lab.carryOut(finding, finding?.remedy.commands.first ?? "")
        try await lab.admin.command("db", "backup").output()
        try await lab.expectHealth()
    }

    /// Stopped, its log does not move; killed, it has failed. Not before it moves, which the log of the run before says too: at its beginning it holds
    /// the history of runs.
    private func stall(_ lab: Laboratory) async throws -> String {
        let script = """
            call-center-admin db backup --rate-limit 100B/s >/dev/null 2>&1 &
            until [[ $(ls "$LOGS" | wc -l) -gt "$COUNT" ]] && grep -qs '"event":"advanced"' $(ls -t "$LOGS"/*.jsonl | head -1); do
                /bin/sleep 0.05
            done
            kill -STOP $!
            echo $!
            """
        let logs = "\(lab.admin.folder)/../state/logs"
        let count = try await Command("bash", ["-c", "ls \(logs) | wc -l"]).output().dropLast()
        return String(try await lab.admin.shell(script, ["LOGS": logs, "COUNT": String(count)]).output.dropLast())
    }

    private func stalled(_ lab: Laboratory) async throws {
        let pid = try await stall(lab)
        try await lab.wait(for: CatalogueFault.runStalled.expected.code, ["BACKUP_STALL_TIMEOUT": "1s"])
        let stalled = try await lab.expect(.runStalled, ["BACKUP_STALL_TIMEOUT": "1s"])
        // No service has to end for it.
        let words = "by hand: call-center-admin db backup --rate-limit 100B/s, process \(pid) on "
        #expect(stalled?.remedy.words.contains(words) == true, "\(stalled as Any)")
        let ends = try #require(stalled?.remedy.alternatives.first?.commands)
        #expect(ends.first == "kill -CONT \(pid) && kill \(pid)")
        // Pasted together: the backup waits for what was told to end.
        let typed = try await lab.types(ends.joined(separator: "\n"))
        #expect(typed.status == 0, "\(typed)")
        try await lab.expectHealth()
    }

    private func killed(_ lab: Laboratory) async throws {
        let pid = try await stall(lab)
        try await Command("kill", ["-9", pid]).output()
        try await lab.wait(for: CatalogueFault.runKilled.expected.code)
        let finding = try await lab.expect(.runKilled)
        // What it has left is part of it, and no alarm of its own.
        #expect(try await lab.doctor().findings.map(\.code) == ["failed"])
        try await lab.carryOut(finding, "call-center-admin db backup")
        try await lab.expectHealth()
    }

    private func stale(_ lab: Laboratory) async throws {
        let names = try await lab.admin.entries().filter { $0.hasPrefix(Laboratory.database) }.sorted()
        try #require(names.count > 1)
        try await Command("ln", ["-sfn", names[0], lab.admin.folder.appending("latest.sql.gz").string]).output()
        try await lab.follow(try await lab.expect(.linkStale))
    }

    private func damaged(_ lab: Laboratory) async throws {
        let dump = try await lab.file("Z.sql.gz")
        try await Command("dd", ["if=/dev/zero", "of=\(dump)", "bs=1", "count=64", "seek=5000", "conv=notrunc", "status=none"]).output()
        #expect(try await lab.admin.command("db", "verify-backup", "latest").outcome().status == 3)
        let finding = try await lab.expect(.fileOverwritten)
        #expect(finding?.consequences.map(\.code) == ["verification-failed"])
        // The damaged one is put aside, as the remedy says.
        try await lab.follow(finding)
        #expect(try await Command("ls", ["\(lab.admin.folder)/set-aside"]).output().contains(FilePath(dump).lastComponent?.string ?? "-"))
    }

    private func shrunk(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("DELETE FROM calls WHERE n > 20", database: Laboratory.database)
        _ = try await lab.admin.command("db", "backup").outcome()
        let finding = try await lab.expect(.databaseShrunk)
        let russian = try await lab.types("call-center-admin doctor --lang ru").output
        #expect(russian.contains("меньше на"), "\(russian)")
        // Only who may make databases can look at the last good one.
        try await lab.follow(finding, choosing: "somebody knows why", with: ["PGUSER": "postgres"])
        try await lab.postgres.dropDatabase("look_back")
    }

    private func history(_ lab: Laboratory) async throws {
        let script = #"cd "$0" && cp -a . ../kept && rm -f history.sqlite-* && head -c 4096 /dev/urandom >history.sqlite"#
        let state = "\(lab.admin.folder)/../state"
        try await Command("bash", ["-c", script, state]).output()
        // It puts the damaged one aside.
        try await lab.follow(try await lab.expect(.historyDestroyed))
        #expect(try await Command("ls", [state]).output().contains("history.damaged.sqlite"))
        try await Command("bash", ["-c", #"cd "$0/.." && rm -rf state && mv kept state"#, state]).output()
    }

    @Test("A disk that has no inodes, and one that the next backup does not fit on")
    func disks() async throws {
        try await withLaboratory { lab in
            try await SmallFilesystem.with(mebibytes: 8) { folder in
                let environment: [String: String?] = ["BACKUP_DIR": "\(folder)/backups", "BACKUP_DISK_MAX_PERCENT": "95"]
                let noise = "CREATE TABLE noise AS SELECT gen_random_uuid() FROM generate_series(1, 60000)"
                try await lab.postgres.psql(noise, database: Laboratory.database)
                try await Command("mkdir", ["\(folder)/backups"]).output()
                var backup = lab.admin.command("db", "backup")
                backup.environment.merge(environment) { $1 }
                try await backup.output()
                try await lab.expectHealth(environment)
                let rest = #"free=$(($(stat -f -c '%a * %S' "$0"))); fallocate -l $((free - 700000)) "$0/ballast""#
                try await Command("bash", ["-c", rest, folder.string]).output()
                // What else fills it somebody has to decide.
                let tight = try await lab.expect(.diskTooSmall, environment)
                try await Command("rm", ["\(folder)/ballast"]).output()
                try await lab.follow(tight, with: environment)
                let inodes = #"used=$(($(stat -f -c '%c - %d' "$0"))); mount -o remount,nr_inodes=$((used + 4)) "$0" && touch "$0"/{1,2,3}"#
                try await Command("bash", ["-c", inodes, folder.string]).output()
                let crowded = try await lab.expect(.inodesFull, environment.merging(["BACKUP_DISK_MAX_PERCENT": "80"]) { $1 })
                try await Command("mount", ["-o", "remount,nr_inodes=1000", folder.string]).output()
                try await lab.follow(crowded, with: environment)
            }
        }
    }
}
