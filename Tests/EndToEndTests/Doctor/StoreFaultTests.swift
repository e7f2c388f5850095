import BackupTestKit
import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, stores", .timeLimit(.minutes(10)))
struct StoreFaultTests {
    @Test("Files: each fault is the first finding, and its remedy repairs it")
    func files() async throws {
        try await withLaboratory { lab in
            for (fault, ending, harm) in [
                (CatalogueFault.fileTruncated, "Z.sql.gz", "truncate -s 100"), (.fileDeleted, "Z.sql.gz", "rm"),
                (.manifestDeleted, "Z.json", "rm"), (.manifestTruncated, "Z.json", "truncate -s 10"),
            ] {
                try await Command("bash", ["-c", harm + #" "$0""#, try await lab.file(ending)]).output()
                // No other store has it: another backup is taken, and what is left of this one is put aside.
                try await lab.follow(try await lab.expect(fault))
            }
            let link = lab.admin.folder.appending("latest.sql.gz").string
            try await Command("ln", ["-sfn", "nowhere.sql.gz", link]).output()
            try await lab.follow(try await lab.expect(.linkDangling))
            try await Command("chmod", ["644", try await lab.file("Z.sql.gz")]).output()
            try await lab.follow(try await lab.expect(.fileReadable))
            try await old(lab)
            try await gone(lab)
        }
    }

    /// An old backup that is spoilt everywhere is no alarm for ever.
    private func old(_ lab: Laboratory) async throws {
        let dump = try await lab.file("Z.sql.gz")
        try await lab.admin.command("db", "backup").output()
        try await Command("rm", [dump]).output()
        let finding = try await lab.expect(.oldFileDeleted)
        #expect(finding?.remedy.commands.count == 1)
        try await lab.follow(finding)
        // Nothing was deleted.
        let aside = try await Command("ls", ["\(lab.admin.folder)/set-aside"]).output()
        #expect(aside.contains(".json") && aside.contains(".sql.gz"), "\(aside)")
    }

    /// The setting is wrong, which a person puts right; the commands look.
    private func gone(_ lab: Laboratory) async throws {
        let finding = try await lab.expect(.folderGone, ["BACKUP_DIR": "/no/such/folder"])
        #expect(
            finding?.remedy.commands == ["findmnt --target /no/such/folder", "call-center-admin config show"], "\(finding as Any)")
        #expect(finding?.remedy.alternatives.map(\.commands) == [["mount -a"]])
        try await lab.expectHealth()
    }

    @Test("A folder that is gone with the history that lay in it is missed where another store knows it")
    func goneWithHistory() async throws {
        try await withLaboratory { lab in
            try await withS3 { s3, prefix in
                let good = Self.settings(s3, prefix)
                try await lab.types("call-center-admin db backup", with: good)
                let away = #"mv "$0/../state" "$0/../state-disk" && mv "$0" "$0-disk""#
                try await Command("bash", ["-c", away, lab.admin.folder.string]).output()
                let finding = try await lab.expect(.folderUnmade, good)
                // What mounts everything brings both back.
                let folder = lab.admin.folder.string
                let back = "mv '\(folder)-disk' '\(folder)' && cd '\(folder)/..' && rm -rf state && mv state-disk state\n"
                try await Command("tee", [lab.tools.folder.appending("fstab.-a").string]).output(input: back)
                try await lab.follow(finding, choosing: "is not mounted", with: good, failing: ["findmnt"])
            }
        }
    }

    @Test(
        "A folder that was removed, and lay on no disk of its own, is made and filled from another store", arguments: ["bare", "systemd"])
    func removed(manager: String) async throws {
        try await withLaboratory { lab in
            try await withS3 { s3, prefix in
                let good = Self.settings(s3, prefix).merging(["BACKUP_MANAGED_BY": manager]) { $1 }
                try await lab.types("call-center-admin db backup", with: good)
                try await Command("rm", ["-rf", lab.admin.folder.string]).output()
                let finding = try await lab.expect(.folderRemoved, good)
                try await lab.follow(finding, choosing: "really gone", with: good, failing: ["findmnt"])
                #expect(try await lab.file("Z.sql.gz").hasSuffix("Z.sql.gz"))
            }
        }
    }

    /// Nothing is copied under the mount point meanwhile.
    @Test("A disk that is not mounted is mounted, as the table of file systems has it")
    func mount() async throws {
        guard geteuid() == 0, access("/etc/fstab", F_OK) == 0 else { try Test.cancel("mounting takes root, and this a table of mounts") }
        try await withLaboratory { lab in
            let (disk, place) = ("\(lab.admin.folder)/../disk", "\(lab.admin.folder)/../mounted")
            let (from, to) = (try await Self.made(disk), try await Self.made(place))
            let settings: [String: String?] = ["BACKUP_DIR": to]
            try await Command("mount", ["--bind", from, to]).output()
            try await lab.types("call-center-admin db backup", with: settings)
            try await lab.expectHealth(settings)
            try await Command("umount", [to]).output()
            let table = "\(lab.tools.folder)/fstab"
            try await Command("tee", [table]).output(input: "\(from) \(to) none bind 0 0\n")
            try await Command("tee", ["\(table).mounted"]).output(input: "exec /bin/mount --bind \(from) \(to)\n")
            // The program sees that table in place of this machine's.
            let seeing = ["unshare", "-m", "bash", "-c", #"mount --bind "$0" /etc/fstab && exec "$@""#, table]
            let result: Result<Void, any Error>
            do {
                let finding = try await lab.expect(.folderUnmounted, settings, as: seeing)
                #expect(finding?.remedy.commands.first == "mount \(to)", "\(finding as Any)")
                result = .success(try await lab.follow(finding, with: settings))
            } catch { result = .failure(error) }
            try await Command("bash", ["-c", #"umount "$0" || true"#, to]).output()
            try result.get()
        }
    }

    /// As the program resolves it.
    private static func made(_ folder: String) async throws -> String {
        try await Command("mkdir", [folder]).output()
        return try await Command("realpath", [folder]).output().trimmingCharacters(in: .newlines)
    }

    /// Somebody without privileges, to whom the folder does not belong.
    private static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    private func requireOthers() async throws {
        guard geteuid() == 0 else { try Test.cancel("only root can be somebody else") }
        let words = Array(Self.nobody.dropFirst()) + [AdminProgram.path, "--version"]
        guard try await Command(Self.nobody[0], words).outcome().status == 0 else {
            try Test.cancel("the programs are in a folder of root alone")
        }
    }

    @Test("A folder of somebody else's is looked at by its owner, and files that are not his are given to him")
    func owners() async throws {
        try await requireOthers()
        try await withLaboratory { lab in
            // So that nobody else may even list it.
            try await Command("chmod", ["700", lab.admin.folder.string]).output()
            let forbidden = try await lab.expect(.folderForbidden, as: Self.nobody)
            try await lab.follow(forbidden, failing: ["sudo -u"])
            // The service runs as who looks: he gets it, and asks again.
            try await lab.carryOut(forbidden, "sudo chown -R 65534 ")
            let left = try await lab.doctor(as: Self.nobody).findings
            #expect(!left.contains { $0.code == "folder-forbidden" }, "\(left)")
            try await Command("chown", ["-R", "0", lab.admin.folder.string]).output()
            try await Command("chown", ["65534", try await lab.file("Z.sql.gz")]).output()
            try await lab.follow(try await lab.expect(.fileForeign))
        }
    }

    @Test("A backup that root has taken is not damaged: the service may not read it, and it is given to the service's account")
    func foreignManifest() async throws {
        try await requireOthers()
        try await withLaboratory { lab in
            try await Command("chown", ["-R", "65534:65534", lab.admin.folder.removingLastComponent().string]).output()
            try await Command("chown", ["root:root", try await lab.file("Z.json")]).output()
            let finding = try await lab.expect(.manifestForeign, as: Self.nobody)
            #expect(finding?.consequences.map(\.code).contains("manifest-unreadable") == true, "\(finding as Any)")
            #expect(finding?.remedy.commands.first?.hasPrefix("sudo chown -R 65534 ") == true, "\(finding as Any)")
            try await lab.follow(finding)
        }
    }

    @Test("A full disk is looked into; one that is read-only is made writable")
    func disk() async throws {
        guard geteuid() == 0 else { try Test.cancel("mounting a small file system takes root") }
        try await withLaboratory { lab in
            try await SmallFilesystem.with(mebibytes: 8) { folder in
                try await Command("dd", ["if=/dev/zero", "of=\(folder)/ballast", "bs=1M", "count=7", "status=none"]).output()
                // The history knows the backups of the laboratory.
                try await Command("cp", ["-a", "\(lab.admin.folder)/.", folder.string]).output()
                let environment: [String: String?] = ["BACKUP_DIR": folder.string, "BACKUP_DISK_MAX_PERCENT": "80"]
                // What else fills it somebody has to decide: the commands name it.
                let full = try await lab.expect(.diskFull, environment)
                let look = try #require(full?.remedy.commands.first { $0.hasPrefix("du ") })
                #expect(try await lab.types(look, with: environment).status == 0)
                try await Command("rm", ["\(folder)/ballast"]).output()
                try await lab.follow(full, with: environment)
                try await Command("mount", ["-o", "remount,ro", folder.string]).output()
                try await lab.follow(
                    try await lab.expect(.diskReadOnly, environment), choosing: "no error of the disk", with: environment)
            }
        }
    }

    @Test("Buckets: each fault is the first finding, and its remedy repairs it")
    func buckets() async throws {
        try requireProgram("curl", package: "curl")
        try await withLaboratory { lab in
            try await withS3 { s3, prefix in
                let good = Self.settings(s3, prefix)
                func changed(_ name: String, _ value: String?) -> [String: String?] { good.merging([name: value]) { $1 } }
                try await lab.follow(try await lab.expect(.copiesMissing, good), with: good)
                let made = changed("BACKUP_S3_BUCKET", "made-\(UInt32.random(in: .min ... .max))")
                try await lab.follow(try await lab.expect(.bucketUnknown, made), choosing: "made anew", with: made)
                // A new key is somebody's to get; the commands tell whether it is the right one.
                for (fault, name) in [(CatalogueFault.secretKeyWrong, "AWS_SECRET_ACCESS_KEY"), (.keyRevoked, "AWS_ACCESS_KEY_ID")] {
                    let finding = try await lab.expect(fault, changed(name, "NOBODY"))
                    let who = "aws --endpoint-url \(s3.url) --region \(s3.region) s3 ls s3://\(s3.bucket)"
                    #expect(finding?.remedy.commands.first == who, "\(finding as Any)")
                    #expect(try await lab.types(who, with: changed(name, "NOBODY")).status != 0)
                    try await lab.follow(finding?.sparing("backup-service --check"), with: good)
                }
                try await fromFile(lab, made)
                try await emptiedFolder(lab, good)
            }
        }
    }

    /// The key is in a file of settings: the command reads it from there, and none of it stands in the command.
    private func fromFile(_ lab: Laboratory, _ settings: [String: String?]) async throws {
        let (file, keys) = ("\(lab.tools.folder)/backup.env", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
        let lines = keys.map { "\($0)=\((settings[$0] ?? nil) ?? "")\n" }.joined()
        try await Command("bash", ["-c", #"umask 077 && cat >"$0""#, file]).output(input: "BACKUP_REVERIFY_SCHEDULE=0 5 * * *\n" + lines)
        var filed = settings.filter { !keys.contains($0.key) }
        filed["BACKUP_ENV_FILE"] = file
        filed["BACKUP_S3_BUCKET"] = "made-\(UInt32.random(in: .min ... .max))"
        let finding = try await lab.expect(.bucketUnknown, filed)
        let secret = (settings["AWS_SECRET_ACCESS_KEY"] ?? nil) ?? ""
        #expect(finding?.remedy.all.contains { !secret.isEmpty && $0.contains(secret) } == false, "\(finding as Any)")
        try await lab.follow(finding, choosing: "made anew", with: filed)
    }

    /// No file system is to be mounted there: what it held was removed.
    private func emptiedFolder(_ lab: Laboratory, _ good: [String: String?]) async throws {
        try await lab.types("call-center-admin db backup", with: good)
        try await Command("bash", ["-c", #"rm -r "$0"/*"#, lab.admin.folder.string]).output()
        try await lab.follow(try await lab.expect(.folderEmptied, good), choosing: "what it held was removed", with: good)
    }

    private static func settings(_ s3: S3Server, _ prefix: String) -> [String: String?] {
        [
            "BACKUP_S3_BUCKET": s3.bucket, "BACKUP_S3_PREFIX": prefix, "AWS_ENDPOINT_URL_S3": s3.url, "AWS_REGION": s3.region,
            "AWS_ACCESS_KEY_ID": s3.accessKeyID, "AWS_SECRET_ACCESS_KEY": s3.secretAccessKey,
        ]
    }
}

extension DoctorAnswer.Finding {
    /// Without commands that tests of their own type: no service runs here that could be restarted.
    func sparing(_ beginnings: String...) -> Self {
        var finding = self
        // Under systemd it is typed as the service's account.
        func isSpared(_ command: String) -> Bool {
            beginnings.contains { command.hasPrefix($0) || command.hasPrefix("runuser -u call-center-backup -- \($0)") }
        }
        finding.remedy.commands.removeAll(where: isSpared)
        for place in finding.remedy.alternatives.indices { finding.remedy.alternatives[place].commands.removeAll(where: isSpared) }
        return finding
    }
}
