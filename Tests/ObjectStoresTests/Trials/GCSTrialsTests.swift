import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("Locks and conditions of Cloud Storage on trial")
struct GCSTrialsTests {
    private static let lockable = GCSBucket(objectRetention: .init(mode: "Enabled"))
    private static let policy = #"{"retentionPolicy": {"retentionPeriod": "604800", "isLocked": true}, "versioning": {"enabled": true}}"#
    private let context = RunContext(now: { testTime })
    private let key = "storage-check-1-20260214T020000Z.locked"

    private func trials(of scene: GCSScene) async -> [String: Trial] {
        let trials = await StoreTrials(scene.store, context: context, largeSize: 1 << 20).run()
        return Dictionary(trials.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    @Test("A retention policy keeps a file of the trial; what it means for manifests, and what stays until when, is said")
    func retentionPolicy() async throws {
        try await GCSScene.with(prefix: "p") { scene in
            scene.server.setBucketFacts(Self.policy)
            scene.server.retainAll(until: "2027-01-22T08:00:00Z")
            let trials = await trials(of: scene)
            #expect(trials.values.filter { $0.failure != nil }.map(\.name) == ["change"], "\(trials)")
            #expect(trials["change"]?.message.contains("a manifest could not be changed") == true)
            #expect(trials["change"]?.failure?.hint?.contains("Verdicts and pins") == true)
            let lock = try #require(trials["object lock"])
            #expect(lock.message.hasPrefix("everything is kept for 7 d (locked); a locked object is not deleted; "), "\(lock.message)")
            #expect(lock.message.contains("what this check stored stays until 2027-01-22") && !lock.isLacking)
            #expect(trials["conditions"]?.isLacking == false && trials["complete"]?.isLacking == false)
            #expect(trials["delete"]?.message.contains(".bin stays, and can be deleted from 2027-01-22") == true)
            #expect(trials["delete"]?.message.contains(".large stays") == true)
            #expect(scene.server.names.allSatisfy { $0.hasPrefix("p/storage-check-") } && scene.server.names.count == 5)
            #expect(scene.server.openSessions == 0)
        }
    }

    @Test("What an earlier trial had to leave goes when its retention has passed")
    func later() async throws {
        try await GCSScene.with(prefix: "p") { scene in
            scene.server.retainAll(until: "2027-01-22T08:00:00Z")
            try await scene.store.put(key, bytes: Array("locked\n".utf8))
            #expect(try await scene.store.removeTrial(key)?.contains("from 2027-01-22") == true)
            scene.server.retainAll(until: nil)
            scene.server.change("p/\(key)") { $0.retainedUntil = nil }
            let trials = await trials(of: scene)
            #expect(trials["delete"]?.message.contains("1 file that earlier checks had to leave") == true, "\(trials)")
            #expect(scene.server.object("p/\(key)") == nil)
        }
    }

    @Test("A bucket that says it keeps everything, and does not, is caught")
    func lyingPolicy() async throws {
        try await GCSScene.with { scene in
            scene.server.setBucketFacts(Self.policy)
            let trials = await trials(of: scene)
            #expect(trials.values.filter { $0.failure != nil }.map(\.name) == ["object lock"], "\(trials)")
            #expect(trials["object lock"]?.message.contains("an object under that lock was deleted") == true)
            #expect(scene.server.names.isEmpty)
        }
    }

    @Test("A bucket that says it keeps old versions, and does not, is caught, and nothing stays", arguments: [false, true])
    func versions(areKept: Bool) async throws {
        try await GCSScene.with(prefix: "p") { scene in
            if areKept { scene.server.keepVersions() }
            let trial = try await scene.store.versioningTrial(GCSBucket(versioning: .init(enabled: true)), "v")
            #expect((trial.failure == nil) == areKept && !trial.isLacking)
            #expect(trial.message.contains("what was replaced and deleted is gone") != areKept, "\(trial.message)")
            #expect(scene.server.names.isEmpty && scene.server.oldVersions(of: "p/v").isEmpty)
        }
    }

    @Test("Where all that is stored is kept, old versions are not tried, and that is said")
    func untriedVersions() async throws {
        try await GCSScene.with { scene in
            let bucket = GCSBucket(versioning: .init(enabled: true), retentionPolicy: .init(retentionPeriod: "604800"))
            let trial = try await scene.store.versioningTrial(bucket, "v")
            #expect(trial.failure == nil && trial.message.contains("not tried"), "\(trial.message)")
            #expect(scene.server.log.isEmpty)
        }
    }

    @Test(
        "A session that does not end, or only says so, is found out",
        arguments: [
            (nil, "can be cancelled"), (.answer(404), "does not end when it is told to (status 404)"),
            (.answer(499), "that was told to end goes on"),
        ] as [(ScriptedReply?, String)])
    func abort(reply: ScriptedReply?, words: String) async throws {
        try await GCSScene.with { scene in
            if let reply { scene.server.add(GCSFault(.cancel, .instead(reply))) }
            let trial = try await scene.store.abortTrial("a")
            #expect(trial.isLacking == (reply != nil) && trial.failure == nil)
            #expect(trial.message.contains(words), "\(trial.message)")
            #expect(scene.server.openSessions == (reply == nil ? 0 : 1))
        }
    }

    @Test("A lock of the object's own is put on, holds, and is lifted by those who may")
    func ownLock() async throws {
        try await GCSScene.with { scene in
            let trial = try await scene.store.lockTrial(Self.lockable, key, context)
            #expect(!trial.isLacking && trial.failure == nil)
            #expect(trial.message.contains("a locked object is not deleted; but this account may lift locks"), "\(trial.message)")
            #expect(scene.server.names.isEmpty)
            #expect(scene.server.log == ["list", "document", "delete", "patch", "delete"])
        }
    }

    @Test("Where old versions are kept, it is found out whether the credentials see a lock", arguments: [false, true])
    func hiding(isBlind: Bool) async throws {
        try await GCSScene.with { scene in
            scene.server.keepVersions()
            if isBlind { scene.server.add(GCSFault(.facts, .instead(GCSFault.refusal(403, "forbidden", "no")))) }
            var bucket = Self.lockable
            bucket.versioning = .init(enabled: true)
            let trial = try await scene.store.lockTrial(bucket, key, context)
            #expect(trial.isLacking == isBlind && trial.failure == nil)
            #expect(trial.message.contains("a locked object is not deleted"))
            #expect(trial.message.contains("these credentials do not see locks") == isBlind, "\(trial.message)")
            #expect(scene.server.names.isEmpty)
        }
    }

    @Test("What may not be lifted stays for two minutes, and is named")
    func keptLock() async throws {
        try await GCSScene.with { scene in
            scene.server.add(GCSFault(.patch, .instead(GCSFault.refusal(403, "forbidden", "no"))))
            let trial = try await scene.store.lockTrial(Self.lockable, key, context)
            #expect(!trial.isLacking && trial.failure == nil)
            #expect(trial.message.contains("\(key) of 7 bytes stays, and can be deleted from \((testTime + .seconds(120)).display) on"))
            #expect(scene.server.names == [key])
        }
    }

    @Test("A deletion that is said to have been done, and was not, is told as what it is")
    func politeServer() async throws {
        try await GCSScene.with { scene in
            scene.server.add(GCSFault(.delete, .instead(.answer(204))))
            let trial = try await scene.store.lockTrial(Self.lockable, key, context)
            #expect(trial.failure == nil && trial.message.contains("is not deleted, though the server says it was"))
            #expect(scene.server.names.isEmpty)
        }
    }

    @Test("An account that may not lock has not tried it, and is told what it would take")
    func mayNotLock() async throws {
        try await GCSScene.with { scene in
            scene.server.add(GCSFault(.document, .instead(GCSFault.refusal(403, "forbidden", "no storage.objects.setRetention access"))))
            let trial = try await scene.store.lockTrial(Self.lockable, key, context)
            #expect(trial.isLacking && trial.message.contains("could not be tried"))
            #expect(trial.message.contains("permission denied") && trial.message.contains("storage.objects.setRetention"))
            #expect(scene.server.names.isEmpty)
        }
    }

    @Test(
        "Of eight that write one name at once, one has to win",
        arguments: [
            (1, "of 8 that stored one name in the same moment 2"), (8, "ignores ifGenerationMatch=0"),
            (9, "ignores ifGenerationMatch,"), (11, "of 8 that changed one name in the same moment 2"),
        ])
    func races(skipping: Int, words: String) async throws {
        try await GCSScene.with { scene in
            scene.server.add(GCSFault(.document, skipping: skipping, .regardless))
            let trial = try await scene.store.conditionsTrial("conditions")
            #expect(trial.isLacking && trial.message.contains(words), "\(trial.message)")
            #expect(scene.server.names.isEmpty)
        }
    }

    @Test(
        "That everything is encrypted is promised by Google alone",
        arguments: [
            (GCSLocation.google, true), ("https://storage.googleapis.com/", true), ("http://127.0.0.1:4443", false),
            ("http://storage.googleapis.com", false), ("https://storage.example.org", false), ("https://fakegoogleapis.com", false),
        ])
    func encryption(endpoint: String, isGoogles: Bool) {
        #expect(GCSLocation(bucket: "b", endpoint: endpoint).isGoogles == isGoogles)
        for key in [nil, "projects/p/k"] as [String?] {
            let bucket = GCSBucket(encryption: key.map { GCSBucket.Encryption(defaultKmsKeyName: $0) })
            let trial = GCSStore.encryption(bucket, isGoogles: isGoogles)
            #expect(trial.isLacking != isGoogles && trial.failure == nil)
            #expect(trial.message.contains("is encrypted with") == isGoogles, "\(trial.message)")
            #expect(trial.message.contains("projects/p/k") == (key != nil), "\(trial.message)")
        }
    }

    @Test("Of a server that keeps its conditions nothing is said but that")
    func kept() async throws {
        try await GCSScene.with { scene in
            let trial = try await scene.store.conditionsTrial("conditions")
            #expect(!trial.isLacking && trial.failure == nil)
            #expect(scene.server.log.count { $0 == "document" } == 18)
            #expect(scene.server.names.isEmpty)
        }
    }
}
