import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("Locks, checksums, classes and encryption of S3 on trial")
struct S3TrialsTests {
    private func tried(_ url: String, asking change: (inout S3Options) -> Void = { _ in }) throws -> S3TrialStore {
        let store = try scriptedStore(url, change: change).forTrials
        return try #require(store as? S3TrialStore)
    }

    @Test(
        "Whether a bucket locks may be unknown where nobody asks for locks, and is a failure where the settings do",
        arguments: [
            (.error(403, "AccessDenied"), "s3:GetBucketObjectLockConfiguration"),
            (.error(501, "NotImplemented"), "does not know this request"),
            (.answer(200, "<ListBucketResult></ListBucketResult>"), "makes no sense"),
        ] as [(ScriptedReply, String)])
    func unknownLock(reply: ScriptedReply, words: String) async throws {
        try await withScriptedS3([.always(.get, .instead(reply))]) { _, url in
            let context = try scriptedStore(url).context
            let idle = try await tried(url).lockTrial("a", context)
            #expect(idle.isLacking && idle.message.contains("not known"), "\(idle.message)")
            let retaining = try tried(url) { $0.retention = .init(mode: .governance, days: 1) }
            for asking in [retaining, try tried(url) { $0.hasLegalHold = true }] {
                let trial = try await asking.lockTrial("a", context)
                #expect(trial.failure?.code == .storeFailed && trial.failure?.hint != nil)
                #expect(trial.message.contains("the settings ask for object lock, and whether the bucket has it is not known"))
                #expect(trial.message.contains(words), "\(trial.message)")
            }
        }
    }

    @Test(
        "Only a refusal that is the lock's proves it: who may delete no versions is refused, too",
        arguments: [
            (.error(403, "AccessDenied", "Access Denied because object protected by object lock."), true),
            (.error(400, "ObjectLocked", "The object is kept"), true),
            (.error(400, "InvalidRequest", "Object is WORM protected and cannot be overwritten"), true),
            (.error(403, "AccessDenied", "Access Denied"), false),
            (.error(403, "AccessDenied", "User: backup is not authorized to perform: s3:DeleteObjectVersion"), false),
        ] as [(ScriptedReply, Bool)])
    func refusals(reply: ScriptedReply, isProof: Bool) async throws {
        try await withScriptedS3([.always(.delete, .instead(reply))]) { _, url in
            let trial = try await tried(url).deletionTrial("1", "a", try scriptedStore(url).context.now())
            #expect(trial.failure == nil && trial.isLacking == !isProof)
            #expect(trial.message.hasPrefix("a locked object is not deleted") && trial.message.contains("of 7 bytes stays"))
            #expect(trial.message.contains("cannot be told") == !isProof, "\(trial.message)")
        }
    }

    @Test(
        "A deletion of what is locked that succeeds is a lie of the lock; one that is only said to is told as what it is",
        arguments: [false, true])
    func deletedLock(isThere: Bool) async throws {
        try await withScriptedS3([.always(.delete, .instead(.answer(204)))]) { server, url in
            server.setVersioning("Enabled")
            if isThere { server.store(S3Errand.prefix + "a", .init(bytes: [1])) }
            let until = try scriptedStore(url).context.now()
            let trial = try await tried(url).deletionTrial("null", "a", until)
            #expect((trial.failure?.code == .storeFailed) != isThere)
            let words = isThere ? "though the server says it was" : "was deleted although it was locked until \(until.display)"
            #expect(trial.message.contains(words), "\(trial.message)")
        }
    }

    @Test("An upload that is said to be aborted and goes on is found out", arguments: [false, true])
    func abort(isLie: Bool) async throws {
        try await withScriptedS3(isLie ? [.always(.abort, .instead(.answer(204)))] : []) { server, url in
            let trial = try await tried(url).abort("a")
            #expect(trial.isLacking == isLie && trial.failure == nil)
            #expect(trial.message.contains("is still there") == isLie, "\(trial.message)")
            #expect(server.uploads.isEmpty != isLie)
        }
    }

    @Test("A bucket that says it keeps old versions, and does not, is caught, and nothing stays")
    func lyingVersions() async throws {
        try await withScriptedS3 { server, url in
            server.setVersioning("Enabled")
            let trial = try await tried(url).versioning("a")
            #expect(trial.failure?.code == .storeFailed && trial.message.contains("what was replaced and deleted is gone"))
            #expect(server.objects.isEmpty)
            server.setVersioning("Suspended")
            let suspended = try await tried(url).versioning("a")
            #expect(suspended.isLacking && suspended.message == "no old versions are kept any more")
        }
    }

    @Test("Old versions that nobody may list are not believed, nor is anything stored for them")
    func unseenVersions() async throws {
        try await withScriptedS3([.init(.versions, .instead(.error(403, "AccessDenied")))]) { server, url in
            server.setVersioning("Enabled")
            let trial = try await tried(url).versioning("a")
            #expect(trial.isLacking && trial.message.contains("could not be tried") && trial.message.contains("s3:ListBucketVersions"))
            #expect(!server.seen.contains(.put))
        }
    }

    @Test(
        "Old versions that could not be removed again are told, also where the trial found a lie or came to no end",
        arguments: [
            (2, 1, "what was replaced and deleted is gone; old versions of what"),
            (1, 2, "which could not be tried: cannot list the versions"),
        ])
    func remainingVersions(skipping: Int, times: Int, words: String) async throws {
        let denied = ScriptedReply.error(403, "AccessDenied")
        try await withScriptedS3([.init(.versions, skipping: skipping, times: times, .instead(denied))]) { server, url in
            server.setVersioning("Enabled")
            let trial = try await tried(url).versioning("a")
            #expect((trial.failure != nil) == (times == 1) && trial.isLacking == (times == 2))
            #expect(trial.message.contains(words), "\(trial.message)")
            #expect(trial.message.contains("; old versions of what was stored for this check stay until"), "\(trial.message)")
        }
    }

    @Test("A refusal that names neither lock nor permission is an error")
    func otherRefusal() async throws {
        try await withScriptedS3([.always(.delete, .instead(.error(400, "InvalidRequest")))]) { _, url in
            let now = try scriptedStore(url).context.now()
            let error = await #expect(throws: BackupError.self) { try await tried(url).deletionTrial("1", "a", now) }
            #expect(error?.code == .storeFailed && error?.message.contains("InvalidRequest") == true)
        }
    }

    private static let taken = ScriptedS3.Fault.Act.instead(.answer(200, headers: ["ETag": "\"1\""]))

    @Test(
        "Who refuses bytes that are not those of their SHA-256, and by which of both, is found out",
        arguments: [
            ([], false, "is refused by its SHA-256"),
            ([.init(.part, taken)], true, "of parts; what is damaged on its way is refused by the hash that is signed"),
            ([.init(.put, taken)], true, "x-amz-checksum-sha256 of whole objects; what is damaged"),
            ([.init(.put, taken), .init(.part, taken)], true, "x-amz-checksum-sha256; what is damaged on its way is refused"),
            ([.always(.put, taken), .always(.part, taken)], true, "and the hash that is signed: what is damaged on its way is stored"),
        ] as [([ScriptedS3.Fault], Bool, String)])
    func checksums(faults: [ScriptedS3.Fault], isLacking: Bool, words: String) async throws {
        try await withScriptedS3(faults) { server, url in
            let trial = try await tried(url).checksums("a")
            #expect(trial.isLacking == isLacking && trial.failure == nil)
            #expect(trial.message.contains(words), "\(trial.message)")
            #expect(server.objects.isEmpty && server.uploads.isEmpty)
        }
    }

    @Test("What came damaged is not sent again in a trial: that it is refused is the answer")
    func checksumsOnce() async throws {
        try await withScriptedS3 { server, url in
            _ = try await tried(url).checksums("a")
            #expect(server.seen.count { $0 == .put } == 1 && server.seen.count { $0 == .part } == 1)
        }
    }

    @Test(
        "Where the server keeps what is stored is told, and what that means",
        arguments: [
            (nil, nil, false, "kept in STANDARD"), (nil, "STANDARD", false, "kept in STANDARD"),
            ("STANDARD_IA", "STANDARD_IA", false, "kept in STANDARD_IA"), ("STANDARD_IA", nil, false, "kept in STANDARD_IA"),
            (nil, "STANDARD_IA", true, "in STANDARD, although BACKUP_S3_STORAGE_CLASS asks for STANDARD_IA"),
            ("GLACIER", "GLACIER", true, "has to be restored from the archive"), ("DEEP_ARCHIVE", nil, true, "has to be restored"),
            ("GLACIER_IR", "GLACIER_IR", false, "kept in GLACIER_IR"),
        ] as [(String?, String?, Bool, String)])
    func classes(found: String?, wanted: String?, isLacking: Bool, words: String) {
        let trial = S3TrialStore.classTrial(found, wanted: wanted)
        #expect(trial.isLacking == isLacking && trial.failure == nil)
        #expect(trial.message.contains(words), "\(trial.message)")
    }

    @Test("The class an object was stored in is looked at")
    func storedClass() async throws {
        try await withScriptedS3 { server, url in
            let trial = try await tried(url) { $0.storageClass = "ONEZONE_IA" }.storageClass("a")
            #expect(trial.message == "what is stored is kept in ONEZONE_IA")
            #expect(server.objects.isEmpty && server.uploads.isEmpty)
        }
    }

    private enum Outcome { case good, lacking, failed }

    @Test("Encryption that was asked for fails when the server says otherwise, of whole objects or of those in parts")
    func encryption() {
        let (none, own) = (S3Facts.Encryption(), S3Facts.Encryption(method: "AES256"))
        let managed = S3Facts.Encryption(method: "aws:kms")
        let keyed = S3Facts.Encryption(method: "aws:kms", keyID: "arn:aws:kms:r:1:key/k")
        let cases: [([S3Facts.Encryption], S3Options.Encryption, Outcome)] = [
            ([none, none], .bucket, .lacking), ([own, own], .bucket, .good), ([own, none], .bucket, .lacking),
            ([own, own], .s3, .good), ([own, none], .s3, .failed), ([none, own], .s3, .failed), ([keyed, keyed], .s3, .failed),
            ([keyed, keyed], .kms(keyID: nil), .good), ([own, own], .kms(keyID: nil), .failed),
            ([keyed, keyed], .kms(keyID: "k"), .good), ([keyed, own], .kms(keyID: "k"), .failed),
            ([keyed, keyed], .kms(keyID: "other"), .failed), ([managed, managed], .kms(keyID: "k"), .lacking),
        ]
        for (found, wanted, outcome) in cases {
            let trial = S3TrialStore.encryptionTrial(found, wanted: wanted)
            #expect(trial.isLacking == (outcome == .lacking), "\(found), \(wanted): \(trial.message)")
            #expect((trial.failure != nil) == (outcome == .failed), "\(found), \(wanted): \(trial.message)")
        }
    }

    @Test("A server that forgets the encryption it was asked for fails the trial, and nothing stays", arguments: [false, true])
    func forgottenEncryption(forgets: Bool) async throws {
        let forgetting: [ScriptedS3.Fault] = [.always(.head, S3FaultCase.header(S3Facts.Encryption.methodHeader, nil))]
        try await withScriptedS3(forgets ? forgetting : []) { server, url in
            let trial = try await tried(url) { $0.encryption = .s3 }.encryption("a")
            #expect((trial.failure?.message.contains("not as BACKUP_S3_ENCRYPTION asks") == true) == forgets, "\(trial.message)")
            #expect(forgets || trial.message == "what is stored is encrypted with AES256")
            #expect(server.objects.isEmpty && server.uploads.isEmpty)
        }
    }
}
