import BackupCatalog
import BackupEngine
import BackupModel
import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, buckets", .timeLimit(.minutes(10)))
struct BucketFaultTests {
    @Test("Google's: keys, buckets, and a server that is gone")
    func google() async throws {
        try requireProgram("curl", package: "curl")
        try await withLaboratory { lab in
            try await withFakeGCS { gcs in
                let good: [String: String?] = [
                    "BACKUP_GCS_BUCKET": gcs.bucket, "BACKUP_GCS_PREFIX": "doctor", "STORAGE_EMULATOR_HOST": gcs.url,
                ]
                try await lab.follow(try await lab.expect(.googleCopiesMissing, good), with: good)
                try await googleKeys(lab, good, at: gcs)
                let made = good.merging(["BACKUP_GCS_BUCKET": "made-by-hand"]) { $1 }
                try await lab.follow(try await lab.expect(.googleBucketUnknown, made), choosing: "made anew", with: made)
                let gone = try await lab.expect(.googlePortRefused, good.merging(["STORAGE_EMULATOR_HOST": "http://127.0.0.1:1"]) { $1 })
                try await lab.follow(gone, with: good, failing: ["curl"])
            }
        }
    }

    /// A key is made in the console of the cloud, by somebody who may: the commands show that it does once it is there. The server in Google's place
    /// takes whatever key it is asked with.
    private func googleKeys(_ lab: Laboratory, _ good: [String: String?], at gcs: FakeGCS) async throws {
        try await withTemporaryFolder { folder in
            let key = folder.appending("key.json").string
            let credentials: [String: String?] = ["BACKUP_GCS_BUCKET": "backups", "GOOGLE_APPLICATION_CREDENTIALS": key]
            let right = good.merging(["CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE": "\(gcs.url)/storage/v1/"]) { $1 }
            let missing = try await lab.expect(.googleKeyMissing, credentials)
            let look = "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE=\(key) gcloud storage ls gs://backups"
            #expect(missing?.remedy.commands.prefix(2) == [look, "call-center-admin storage check"], "\(missing as Any)")
            try await write(#"{"type": "service_account""#, to: key)
            let malformed = try await lab.expect(.googleKeyMalformed, credentials)
            #expect(malformed?.evidence?.contains("key.json") == true, "\(malformed as Any)")
            #expect(malformed?.remedy.words.hasPrefix("Put valid credentials") == true, "\(malformed as Any)")
            #expect(try await lab.types(look, with: right).status != 0)
            try await write(#"{"type": "service_account"}"#, to: key)
            for finding in [missing, malformed] { try await lab.follow(finding?.sparing("backup-service --check"), with: right) }
            try await Command("chmod", ["644", key]).output()
            let open = good.merging(["GOOGLE_APPLICATION_CREDENTIALS": key]) { $1 }
            try await lab.follow(try await lab.expect(.cloudKeyReadable, open), with: open)
        }
    }

    private func write(_ key: String, to file: String) async throws {
        try await Command("bash", ["-c", #"umask 077 && cat >"$0""#, file]).output(input: key)
    }

    @Test("Amazon's: a wrong clock, a revoked key, a region, a permission; each beside a second fault, and each repaired")
    func amazon() async throws {
        try await withLaboratory { lab in
            try await withScriptedS3 { s3, url in
                try await s3.setDate(Self.date())
                let settings = Self.settings(url)
                #expect(try await lab.types("call-center-admin db sync", with: settings).status == 0)
                try await lab.expectHealth(settings)
                for (fault, reply) in Self.refusals { try await refused(fault, reply, s3, settings, lab) }
                try await region(s3, lab)
                try await clocks(s3, settings, lab)
                try await writing(s3, settings, lab)
                let places = [(CatalogueFault.endpointUnknown, "http://no-such-host.invalid"), (.portRefused, "http://127.0.0.1:1")]
                for (fault, wrong) in places {
                    try await lab.follow(try await lab.expect(fault, Self.settings(wrong)), with: settings, failing: Self.looks)
                }
            }
        }
    }

    /// What the words ask for is somebody else's to do: a new key, a policy, a bucket. It is done, and the commands show that.
    private func refused(
        _ fault: CatalogueFault, _ reply: ScriptedReply, _ s3: ScriptedS3, _ settings: [String: String?], _ lab: Laboratory
    ) async throws {
        let link = lab.admin.folder.appending("latest.sql.gz").string
        let old = try await Command("readlink", [link]).output().dropLast()
        try await Command("ln", ["-sfn", "nowhere.sql.gz", link]).output()
        s3.fail(ScriptedS3.Operation.allCases.map { .always($0, .instead(reply)) })
        let finding = try await lab.expect(fault, settings)
        #expect(try await lab.doctor(settings).findings.map(\.code) == [fault.expected.code, "link-dangling"])
        s3.fail([])
        try await Command("ln", ["-sfn", String(old), link]).output()
        try await lab.follow(finding?.sparing("backup-service --check", "aws"), with: settings, failing: Self.looks)
    }

    /// The bucket is in another region than the settings say: whoever signs for that one is let in, as the remedy has it set.
    private func region(_ s3: ScriptedS3, _ lab: Laboratory) async throws {
        let refusal = ScriptedReply.error(400, "AuthorizationHeaderMalformed", "no", more: "<Region>eu-west-9</Region>")
        let answer: @Sendable (ScriptedRequest) -> ScriptedReply = { request in
            request.headers["authorization"]?.contains("/eu-west-9/s3/") == true ? s3.reply(to: request) : refusal
        }
        try await withScriptedHTTP(answer) { server in
            let settings = Self.settings(server.url)
            let finding = try await lab.expect(.regionWrong, settings)
            let setting = try #require(finding?.remedy.words.firstMatch(of: /AWS_REGION=([a-z0-9-]+)/), "\(finding as Any)")
            let told = settings.merging(["AWS_REGION": String(setting.1)]) { $1 }
            try await lab.follow(finding?.sparing("backup-service --check", "aws"), with: told, failing: Self.looks)
        }
    }

    /// Until the clock is set: first refused, then nearly.
    private func clocks(_ s3: ScriptedS3, _ settings: [String: String?], _ lab: Laboratory) async throws {
        let mark = lab.tools.folder.appending("clock-is-right").string
        let skewed = ScriptedReply.error(403, "RequestTimeTooSkewed", "no")
        s3.fail(
            ScriptedS3.Operation.allCases.map {
                .always($0, .changing { if !FileManager.default.fileExists(atPath: mark) { $0 = skewed } })
            })
        try await lab.follow(try await lab.expect(.clockSkewed, settings), with: settings)
        s3.fail([])
        // Not slow enough to be refused.
        try await s3.setDate(Self.date("+7 min"))
        let slow = try await lab.expect(.clockSlow, settings)
        #expect(slow?.evidence?.contains("behind") == true, "\(slow as Any)")
        try await s3.setDate(Self.date())
        try await lab.follow(slow, with: settings)
    }

    private struct Plan: Decodable {
        struct Step: Decodable { var code: String }
        var steps: [Step]
    }

    private func steps(_ lab: Laboratory, _ settings: [String: String?]) async throws -> [String] {
        let plan = try await lab.types("call-center-admin doctor --fix --dry-run --json", with: settings).output
        return try JSONDecoder().decode(Plan.self, from: Data(plan.utf8)).steps.map(\.code)
    }

    @Test("A clock that is days ahead is the cause of backups that seem late, and nothing is begun before it is set")
    func clockAhead() async throws {
        try await withLaboratory { lab in
            try await lab.beginAnew(hoursAgo: 72)
            #expect(try await steps(lab, [:]).contains("backup"))
            try await withScriptedS3 { s3, url in
                let skewed = ScriptedReply.error(403, "RequestTimeTooSkewed", "no")
                s3.fail(ScriptedS3.Operation.allCases.map { .always($0, .instead(skewed)) })
                let finding = try await lab.expect(.clockAhead, Self.settings(url))
                #expect(finding?.consequences.map(\.code).contains("overdue") == true, "\(finding as Any)")
                let planned = try await steps(lab, Self.settings(url))
                #expect(Set(planned).isDisjoint(with: ["backup", "prune", "sync"]), "\(planned)")
            }
        }
    }

    /// A bucket that can be listed need not take files, which nobody can try who only looks: the last run tells.
    private func writing(_ s3: ScriptedS3, _ settings: [String: String?], _ lab: Laboratory) async throws {
        let denied = ScriptedReply.error(403, "AccessDenied", "Access Denied")
        s3.fail([ScriptedS3.Operation.put, .create, .part, .complete].map { .always($0, .instead(denied)) })
        #expect(try await lab.types("call-center-admin db backup", with: settings).status != 0)
        let finding = try await lab.expect(.writingDenied, settings)
        #expect(finding?.evidence?.contains("s3:PutObject") == true, "\(finding as Any)")
        s3.fail([])
        try await lab.follow(finding, with: settings, failing: Self.looks)
        s3.fail([.always(.uploads, .instead(denied))])
        let hidden = try await lab.expect(.uploadsUnlisted, settings)
        #expect(hidden?.evidence?.contains("s3:ListBucketMultipartUploads") == true, "\(hidden as Any)")
        s3.fail([])
        try await lab.follow(hidden, with: settings, failing: Self.looks)
    }

    /// As servers write it, so far from now.
    private static func date(_ distance: String = "now") async throws -> String {
        let format = ["-u", "-d", distance, "+%a, %d %b %Y %H:%M:%S GMT"]
        return try await Command("date", format, environment: ["LC_ALL": "C"]).output().trimmingCharacters(in: .newlines)
    }

    /// The scripted bucket knows less than a real one, which this looks for.
    private static let looks = ["call-center-admin storage check", "getent", "curl"]

    @Test("A damaged copy in one store is replaced by the sound one of the other, in a bucket and in a folder")
    func copies() async throws {
        try requireProgram("curl", package: "curl")
        try await withLaboratory { lab in
            try await withS3 { s3, prefix in
                var lab = lab
                lab.admin.environment.merge(Self.settings(s3, prefix)) { $1 }
                try await lab.admin.command("db", "sync").output()
                try await lab.expectHealth()
                // Whether the setting goes or another bucket comes somebody has to decide.
                let unlocked = try await lab.expect(.lockMissing, ["BACKUP_S3_LOCK_MODE": "governance", "BACKUP_S3_LOCK_DAYS": "1"])
                try await lab.follow(unlocked)
                let dump = try await lab.file("Z.sql.gz")
                try await cutInBucket(lab, FilePath(dump).lastComponent?.string ?? "")
                try await lab.follow(try await lab.expect(.bucketFileTruncated))
                try await Command("dd", ["if=/dev/zero", "of=\(dump)", "bs=1", "count=64", "seek=5000", "conv=notrunc", "status=none"])
                    .output()
                #expect(try await lab.types("call-center-admin db verify-backup \(dump)").status == 3)
                try await lab.follow(try await lab.expect(.copyDamaged))
                try await lost(lab)
            }
        }
    }

    /// What the folder has lost the bucket gives back.
    private func lost(_ lab: Laboratory) async throws {
        let (dump, manifest) = (try await lab.file("Z.sql.gz"), try await lab.file("Z.json"))
        for (fault, harm, file) in [
            (CatalogueFault.fileDeleted, "rm", dump), (.manifestDeleted, "rm", manifest), (.manifestTruncated, "truncate -s 10", manifest),
        ] {
            try await Command("bash", ["-c", #"\#(harm) "$0""#, file]).output()
            try await lab.follow(try await lab.expect(fault))
        }
    }

    /// Stored anew, shorter, by the store's own hands.
    private func cutInBucket(_ lab: Laboratory, _ key: String) async throws {
        let context = lab.admin.context()
        let assembly = try Assembly(try await BackupConfiguration.load(context: context), context: context)
        let store = try #require(assembly.catalogs.all.last?.store)
        try await store.delete(key)
        try await store.put(key, bytes: Array(repeating: 7, count: 100))
    }

    private static func settings(_ s3: S3Server, _ prefix: String) -> [String: String] {
        [
            "BACKUP_S3_BUCKET": s3.bucket, "BACKUP_S3_PREFIX": prefix, "AWS_ENDPOINT_URL_S3": s3.url, "AWS_REGION": s3.region,
            "AWS_ACCESS_KEY_ID": s3.accessKeyID, "AWS_SECRET_ACCESS_KEY": s3.secretAccessKey,
        ]
    }

    private static let refusals: [(CatalogueFault, ScriptedReply)] = [
        (.keyRevoked, .error(403, "InvalidAccessKeyId", "no")), (.tokenExpired, .error(400, "ExpiredToken", "no")),
        (.accessDenied, .error(403, "AccessDenied", "no")),
        (.bucketDropped, .error(404, "NoSuchBucket", "no")),
    ]

    private static func settings(_ url: String) -> [String: String?] {
        [
            "BACKUP_S3_BUCKET": "backups", "AWS_ENDPOINT_URL_S3": url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AK",
            "AWS_SECRET_ACCESS_KEY": "SK",
        ]
    }
}
