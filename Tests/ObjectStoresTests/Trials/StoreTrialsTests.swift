import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("Stores on trial")
struct StoreTrialsTests {
    /// What each trial came to, by its name.
    private func verdicts(_ store: any ProvableStore, context: RunContext = .live(), largeSize: Int = 9 << 20) async throws -> [String:
        Trial]
    {
        let trials = await StoreTrials(try store.forTrials, context: context, largeSize: largeSize).run()
        #expect(Set(trials.map(\.name)).count == trials.count)
        return Dictionary(trials.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func lacking(_ trials: [String: Trial]) -> [String] { trials.values.filter(\.isLacking).map(\.name).sorted() }

    private func failed(_ trials: [String: Trial]) -> [String] { trials.values.filter { $0.failure != nil }.map(\.name).sorted() }

    private static let common = [
        "write", "read back", "range", "list", "refuse overwrite", "change", "leave nothing", "upload", "download", "delete",
    ]

    private static let ofS3 = [
        "conditions", "complete", "abort", "copies", "checksums", "clock", "storage class", "versioning", "object lock", "encryption",
    ]

    @Test("A folder shows what its file system can do, and is left empty")
    func folder() async throws {
        try await withTemporaryFolder { folder in
            let trials = try await verdicts(LocalStore(root: folder.string), largeSize: 3 << 20)
            let own = ["sync", "hard links", "rename", "symlinks", "locks", "rights", "copy-on-write", "space"]
            #expect(Set(trials.keys) == Set(Self.common + own))
            #expect(failed(trials).isEmpty)
            #expect(lacking(trials).filter { $0 != "space" }.isEmpty)
            #expect(try await Command("find", [folder.string, "-mindepth", "1"]).output().isEmpty)
        }
    }

    @Test("What a check that was killed left is removed by a later one, what is fresh or not ours stays")
    func leftovers() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            for key in ["storage-check-1-20260214T020000Z.bin", "storage-check-2-20260214T020000Z.bin", "a.sql.gz"] {
                try await store.put(key, bytes: [1])
            }
            try await Command(
                "touch", ["-d", "2 hours ago", folder.string + "/storage-check-1-20260214T020000Z.bin", folder.string + "/a.sql.gz"]
            )
            .output()
            let notes = ["storage-check-notes.txt", "storage-check-1-20260214T020000Z.sql.gz", "storage-check-x-20260214T020000Z.bin"]
            for key in notes { try await Command("touch", ["-d", "2 hours ago", "\(folder)/\(key)"]).output() }
            let trials = try await verdicts(store, largeSize: 1 << 20)
            #expect(trials["delete"]?.message.contains("and 1 file that earlier checks had to leave") == true)
            #expect(try await store.list().map(\.key) == (["a.sql.gz", "storage-check-2-20260214T020000Z.bin"] + notes).sorted())
        }
    }

    @Test("A folder that cannot be written says so, and nothing else is tried")
    func noFolder() async throws {
        let trials = try await verdicts(LocalStore(root: "/proc/no-such-folder"))
        #expect(failed(trials) == ["list", "write"])
        #expect(trials.count == 2)
        #expect(trials["write"]?.failure?.hint != nil)
    }

    @Test("What servers lack of S3 is found out and said", arguments: S3Installation.Kind.allCases)
    func servers(kind: S3Installation.Kind) async throws {
        try await withS3(kind) { server, prefix in
            let store = try S3Store(
                S3Options(bucket: server.bucket, prefix: prefix, region: server.region, endpoint: server.url),
                credentials: server.credentials, context: .live())
            let trials = try await verdicts(store)
            #expect(Set(trials.keys) == Set(Self.common + Self.ofS3))
            #expect(failed(trials).isEmpty, "\(trials.values.filter { $0.failure != nil })")
            #expect(trials["conditions"]?.isLacking == !kind.keepsExisting)
            #expect(trials["complete"]?.isLacking == !kind.keepsExisting, "\(trials["complete"]?.message ?? "")")
            #expect(trials["copies"]?.isLacking == !kind.saysWhatItCopied, "\(trials["copies"]?.message ?? "")")
            #expect(trials["checksums"]?.isLacking == !kind.refusesByChecksum, "\(trials["checksums"]?.message ?? "")")
            let isSafe = trials["checksums"]?.message.contains("what is damaged on its way is refused")
            #expect(isSafe == (kind.refusesByChecksum || kind.refusesBySignature), "\(trials["checksums"]?.message ?? "")")
            #expect(trials["storage class"]?.message == "what is stored is kept in STANDARD")
            #expect(trials["encryption"]?.isLacking == true)
            #expect(trials["versioning"]?.isLacking == true)
            #expect(trials["object lock"]?.isLacking == true)
            #expect(try await store.list().isEmpty)
        }
    }

    @Test("A bucket with object lock keeps what is locked, and says what of the trial stays")
    func locked() async throws {
        try await withS3 { server, prefix in
            var options = S3Options(bucket: server.lockedBucket, prefix: prefix, region: server.region, endpoint: server.url)
            options.retention = .init(mode: .compliance, days: 30)
            let store = try S3Store(options, credentials: server.credentials, context: .live())
            let trials = try await verdicts(store)
            #expect(failed(trials).isEmpty, "\(trials.values.filter { $0.failure != nil })")
            #expect(trials["versioning"]?.isLacking == false)
            let lock = try #require(trials["object lock"])
            #expect(lock.message.contains("a locked object is not deleted"))
            let rest = try await store.list().map(\.key)
            #expect(rest.allSatisfy { lock.message.contains($0) }, "\(rest): \(lock.message)")
        }
    }

    @Test("Credentials that do not see locks lack permissions, which are named")
    func hiddenLocks() async throws {
        let unseen = ScriptedS3.Fault.always(
            .head,
            .changing { reply in
                guard case .answer(let status, let headers, let body) = reply else { return }
                reply = .answer(status, headers: headers.filter { !$0.key.hasPrefix("x-amz-object-lock-") }, body: body)
            })
        #expect(try await locksHidden(by: []) == [])
        #expect(try await locksHidden(by: [unseen]) == ["s3:GetObjectRetention"])
        #expect(try await locksHidden(by: [.always(.get, .instead(.error(403, "AccessDenied")))]) == ["s3:GetObjectLegalHold"])
    }

    private func locksHidden(by faults: [ScriptedS3.Fault]) async throws -> [String] {
        try await withScriptedS3(faults) { server, url in
            let store = try scriptedStore(url)
            server.store(
                S3Errand.prefix + "a",
                .init(bytes: [1], headers: ["x-amz-object-lock-retain-until-date": "2026-02-14T02:02:00Z"]))
            return try await S3TrialStore(store: store, configured: store.options).hiddenLocks(of: "a")
        }
    }

    @Test("What does not see locks fails where the settings ask for them, and lacks something elsewhere")
    func blindness() throws {
        var options = S3Options(bucket: "b", region: "eu-west-1")
        let store = try scriptedStore("http://127.0.0.1:1")
        let trial = Trial("object lock", "a locked object is not deleted")
        let hidden = ["s3:GetObjectRetention"]
        #expect(S3TrialStore(store: store, configured: options).seeing([], trial).isLacking == false)
        let lacking = S3TrialStore(store: store, configured: options).seeing(hidden, trial)
        #expect(lacking.isLacking && lacking.message.contains("permission s3:GetObjectRetention is missing"))
        options.hasLegalHold = true
        #expect(S3TrialStore(store: store, configured: options).seeing(hidden, trial).failure?.hint?.contains("Grant") == true)
    }

    @Test("Settings that ask for locks fail where there are none")
    func lockWanted() async throws {
        try await withS3 { server, prefix in
            var options = S3Options(bucket: server.bucket, prefix: prefix, region: server.region, endpoint: server.url)
            options.retention = .init(mode: .governance, days: 1)
            let trials = try await verdicts(try S3Store(options, credentials: server.credentials, context: .live()))
            #expect(failed(trials) == ["object lock"])
            #expect(trials.count == Self.common.count + Self.ofS3.count)
        }
    }

    @Test("Credentials that are refused are named with their source and the runbook's words")
    func refusedCredentials() async throws {
        try await withS3 { server, prefix in
            let wrong = AWSCredentials(
                accessKeyID: server.accessKeyID, secretAccessKey: Secret("wrong"), source: "the AWS profile “night”")
            let options = S3Options(bucket: server.bucket, prefix: prefix, region: server.region, endpoint: server.url)
            let trials = try await verdicts(try S3Store(options, credentials: StaticAWSCredentials(wrong), context: .live()))
            #expect(failed(trials) == ["list", "write"])
            let message = try #require(trials["write"]?.message)
            #expect(message.contains("auth"))
            #expect(message.contains("the AWS profile “night”"))
        }
    }

    @Test("A bucket of Google's shows its conditions and its settings, and is left empty")
    func google() async throws {
        let server = ScriptedGCS()
        server.setBucketFacts(
            #"{"storageClass": "NEARLINE", "location": "EU", "versioning": {"enabled": true}, "objectRetention": {"mode": "Enabled"}, "encryption": {"defaultKmsKeyName": "projects/p/k"}}"#
        )
        server.keepVersions()
        try await GCSScene.with(server, prefix: "p") { scene in
            let trials = try await verdicts(scene.store, context: RunContext(now: { testTime }), largeSize: 2 << 20)
            let own = ["conditions", "complete", "abort", "clock", "storage class", "versioning", "object lock", "encryption"]
            #expect(Set(trials.keys) == Set(Self.common + own))
            // The server that plays Google's is not.
            #expect(failed(trials).isEmpty && lacking(trials) == ["encryption"], "\(trials)")
            #expect(trials["object lock"]?.message.hasPrefix("single objects can be locked; a locked object is not deleted; but") == true)
            #expect(trials["encryption"]?.message.contains("projects/p/k") == true)
            #expect(trials["storage class"]?.message == "the bucket's is NEARLINE in EU")
            #expect(server.names.isEmpty)
            #expect(server.openSessions == 0)
        }
    }

    @Test("A bucket without any protection lacks it, and one that may not be looked at is no failure")
    func bareBucket() async throws {
        try await GCSScene.with { scene in
            let bare = try await verdicts(scene.store, largeSize: 1 << 20)
            #expect(lacking(bare) == ["encryption", "object lock", "versioning"])
            scene.server.add(GCSFault(.bucket, .instead(GCSFault.refusal(403, "forbidden", "no"))))
            let hidden = try await verdicts(scene.store, largeSize: 1 << 20)
            #expect(lacking(hidden) == ["bucket"])
            #expect(hidden["bucket"]?.message.contains("storage.buckets.get") == true)
        }
    }

    @Test(
        "A store that lies is caught",
        arguments: ["read back", "range", "list", "refuse overwrite", "change", "leave nothing", "download", "delete"])
    func liars(trial: String) async throws {
        let trials = try await verdicts(Liar(about: trial), largeSize: 1 << 20)
        #expect(trials[trial]?.failure?.code == .storeFailed)
        // What reads back wrong is read by other trials as well.
        #expect(trial == "read back" || failed(trials) == [trial])
    }

    @Test("How long each answer took is told, and at which rate the large file went")
    func latency() async throws {
        let clock = SteppingClock()
        let store = Liar(about: "nothing", latency: .milliseconds(250), clock: clock)
        let trials = try await verdicts(store, context: RunContext(now: { testTime }, clock: clock), largeSize: 1 << 20)
        #expect(failed(trials).isEmpty)
        #expect(trials["write"]?.message == "a small file was stored in 250 ms")
        #expect(trials["read back"]?.message == "it came back unchanged in 250 ms")
        #expect(trials["list"]?.message == "it is listed, among 0 other files, in 250 ms")
        let upload = try #require(trials["upload"]?.message)
        #expect(upload.hasSuffix(": \(ByteRate(bytesPerSecond: 4 << 20))"), "\(upload)")
        #expect(trials["download"]?.message.hasSuffix("/s") == true)
    }

    @Test("A clock that is wrong is said, one that is a little off is not")
    func clocks() {
        #expect(ClockTrial.of(.seconds(3)).isLacking == false)
        #expect(ClockTrial.of(.seconds(-600)).message == "ours is 10 min ahead of the server's")
        #expect(ClockTrial.of(.seconds(7200)).message == "ours is 2 h behind the server's")
        #expect(ClockTrial.of(.seconds(7200)).isLacking)
    }
}

extension StoreTrials {
    /// All of them at once.
    func run() async -> [Trial] {
        let bench = TrialBench()
        await run(on: bench)
        return bench.trials
    }
}

extension Trial {
    var isLacking: Bool { if case .lacking = verdict { true } else { false } }
}
