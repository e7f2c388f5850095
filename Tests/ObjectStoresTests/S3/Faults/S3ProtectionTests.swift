import BackupModel
import BackupTestKit
import NIOCore
import NIOHTTP1
import Testing

@testable import ObjectStores

@Suite("What an S3 store asks for and takes back")
struct S3ProtectionTests {
    @Test("Storage class, encryption, lock and hold travel with what is stored, in one piece and in parts")
    func headers() async throws {
        try await withScriptedHTTP({ _ in .error(500, "InternalError") }) { server in
            let store = try scriptedStore(server.url) { options in
                options.storageClass = "STANDARD_IA"
                options.encryption = .kms(keyID: "key-1")
                options.retention = .init(mode: .governance, days: 30)
                options.hasLegalHold = true
                options.retry.attempts = 1
            }
            await #expect(throws: BackupError.self) { _ = try await store.createUpload("a", token: "t") }
            await #expect(throws: BackupError.self) {
                _ = try await store.write("a", .init(string: "x"), condition: ("if-none-match", "*"), token: "t", lock: nil)
            }
            for request in server.requests {
                #expect(request.headers["x-amz-storage-class"] == "STANDARD_IA")
                #expect(request.headers["x-amz-server-side-encryption"] == "aws:kms")
                #expect(request.headers["x-amz-server-side-encryption-aws-kms-key-id"] == "key-1")
                #expect(request.headers["x-amz-object-lock-mode"] == "GOVERNANCE")
                #expect(request.headers["x-amz-object-lock-retain-until-date"] == "2026-03-16T02:00:00.000Z")
                #expect(request.headers["x-amz-object-lock-legal-hold"] == "ON")
            }
            #expect(server.requests.map(\.method) == ["POST", "PUT"])
        }
    }

    @Test("SSE-S3 is asked for by its header, in one piece and in parts, and without a key; a bucket's own encryption by none")
    func bucketKeys() async throws {
        for (encryption, header) in [(.s3, "AES256"), (.bucket, nil)] as [(S3Options.Encryption, String?)] {
            try await withScriptedHTTP({ _ in .error(500, "InternalError") }) { server in
                let store = try scriptedStore(server.url) { options in
                    options.encryption = encryption
                    options.retry.attempts = 1
                }
                await #expect(throws: BackupError.self) { _ = try await store.createUpload("a", token: "t") }
                await #expect(throws: BackupError.self) {
                    _ = try await store.write("a", .init(string: "x"), condition: ("if-none-match", "*"), token: "t", lock: nil)
                }
                #expect(server.requests.map(\.method) == ["POST", "PUT"])
                for request in server.requests {
                    #expect(request.headers["x-amz-server-side-encryption"] == header)
                    #expect(request.headers["x-amz-server-side-encryption-aws-kms-key-id"] == nil)
                }
            }
        }
    }

    @Test("A real server encrypts with SSE-S3 and says so", arguments: [S3Installation.Kind.seaweedfs, .moto])
    func realEncryption(kind: S3Installation.Kind) async throws {
        try await withS3Store(kind, change: { $0.encryption = .s3 }) { store in
            try await store.put("small", bytes: [1, 2])
            try await store.put("large") { sink in
                for _ in 0..<9 { try await sink.write([UInt8](repeating: 7, count: 1 << 20)) }
            }
            for key in ["small", "large"] {
                let head = try await store.client.send(S3Request(.head, key))
                #expect(head.headers.first(name: "x-amz-server-side-encryption") == "AES256", "\(key)")
            }
            #expect(try await store.read("small") == [1, 2])
            #expect(try await store.open("large").read(at: 9 << 20 - 3, count: 3) == [7, 7, 7])
        }
    }

    @Test("A legal hold keeps an object on a real server, and is said", arguments: [S3Installation.Kind.seaweedfs, .moto])
    func hold(kind: S3Installation.Kind) async throws {
        try await withS3Store(kind, bucket: "locked", change: { $0.hasLegalHold = true }) { store in
            let key = "20260214T020000Z.json"
            try await store.put(key, bytes: [1])
            let head = try await store.client.send(S3Request(.head, key))
            #expect(head.headers.first(name: "x-amz-object-lock-legal-hold") == "ON")
            let error = try await #require(throws: BackupError.self) { try await store.delete(key) }
            #expect(error.code == .objectLocked)
            #expect(error.message.contains("under a legal hold"))
            let version = try #require(head.headers.first(name: "x-amz-version-id"))
            await #expect(throws: BackupError.self) { try await store.deleteVersion(version, of: key) }
            #expect(try await store.read(key) == [1])
        }
    }

    @Test("Changing a document keeps its lock as it was")
    func keptLock() async throws {
        try await withScriptedS3 { server, url in
            let lock = ["x-amz-object-lock-mode": "COMPLIANCE", "x-amz-object-lock-retain-until-date": "2026-02-20T00:00:00.000Z"]
            server.store("db/a", .init(bytes: [1], headers: lock))
            let store = try scriptedStore(url) { $0.retention = .init(mode: .compliance, days: 30) }
            try await store.update("a") { $0 + [2] }
            #expect(server.objects["db/a"]?.bytes == [1, 2])
            #expect(server.objects["db/a"]?.headers["x-amz-object-lock-retain-until-date"] == "2026-02-20T00:00:00.000Z")
        }
    }

    @Test("A lock keeps an object from being deleted on a real server", arguments: [S3Installation.Kind.seaweedfs, .moto])
    func lock(kind: S3Installation.Kind) async throws {
        try await withS3Store(kind, bucket: "locked", change: { $0.retention = .init(mode: .governance, days: 1) }) { store in
            #expect(try await store.versioning() == "Enabled")
            #expect(try await store.locksObjects())
            try await store.put("20260214T020000Z.json", bytes: [1])
            let error = try await #require(throws: BackupError.self) { try await store.delete("20260214T020000Z.json") }
            #expect(error.code == .objectLocked)
            #expect(error.message.contains("governance mode"))
            #expect(try await store.read("20260214T020000Z.json") == [1])
        }
    }

    @Test("Uploads of the dead and those long idle are aborted; the living, the young and strangers' are left alone")
    func leftovers() async throws {
        try await withScriptedS3 { server, url in
            server.setDate("Sat, 14 Feb 2026 12:00:00 GMT")
            var dead = ScriptedS3.Upload(key: "db/call_center-20260214T020000Z.sql.gz", initiated: "2026-02-14T11:00:00.000Z")
            dead.parts = [1: ([1, 2, 3], "2026-02-14T11:00:00.000Z"), 2: ([4], "2026-02-14T11:01:00.000Z")]
            server.begin("dead", dead)
            server.begin("old", .init(key: "db/20260101T020000Z.json", initiated: "2026-01-01T02:00:00.000Z"))
            var slow = ScriptedS3.Upload(key: "db/slow-20260210T020000Z.sql.gz", initiated: "2026-02-10T02:00:00.000Z")
            slow.parts = [7: ([1], "2026-02-14T11:00:00.000Z")]
            server.begin("slow", slow)
            server.begin("young", .init(key: "db/young-20260214T110000Z.sql.gz", initiated: "2026-02-14T11:00:00.000Z"))
            server.begin("stranger", .init(key: "db/holiday.mov", initiated: "2020-01-01T00:00:00.000Z"))
            server.begin("deeper", .init(key: "db/other/x-20200101T000000Z.sql.gz", initiated: "2020-01-01T00:00:00.000Z"))
            server.begin("neighbour", .init(key: "db2/x-20200101T000000Z.sql.gz", initiated: "2020-01-01T00:00:00.000Z"))
            server.setPageSize(2)
            let removed = try await scriptedStore(url).removeLeftovers(ofDead: { $0.contains("call_center-20260214T020000Z") })
            #expect(removed.map(\.key) == ["20260101T020000Z.json", "call_center-20260214T020000Z.sql.gz"])
            #expect(removed.last?.bytes == 4)
            #expect(Set(server.uploads.keys) == ["slow", "young", "stranger", "deeper", "neighbour"])
        }
    }

    @Test("An upload left by a killed writer is found and aborted on real servers", arguments: S3Installation.Kind.allCases)
    func realLeftover(kind: S3Installation.Kind) async throws {
        try await withS3Store(kind) { store in
            let key = "call_center-20260214T020000Z.sql.gz"
            let id = try await store.createUpload(key, token: "t")
            _ = try await store.uploadPart(.init(number: 1, bytes: .init(string: "rows")), of: key, upload: id)
            let living = try await store.removeLeftovers(ofDead: { _ in false })
            #expect(living.isEmpty)
            let removed = try await store.removeLeftovers(ofDead: { $0 == key })
            #expect(removed.map(\.key) == [key])
            let again = try await store.removeLeftovers(ofDead: { _ in true })
            #expect(again.isEmpty)
        }
    }

    @Test("Uploads another host has begun under the same key are left alone, and where nobody can tell them from ours, all are")
    func othersUploads() async throws {
        let key = S3Errand.prefix + S3Errand.large
        try await withScriptedS3([.init(.create, .after(.close))]) { server, url in
            var busy = ScriptedS3.Upload(key: key)
            busy.parts = [1: ([1], "2026-02-14T02:00:00.000Z")]
            server.begin("busy", busy)
            server.begin("longer", .init(key: key + ".age"))
            try await S3Errand.putLarge.run(on: try scriptedStore(url))
            #expect(Set(server.uploads.keys) == ["busy", "longer"])
            server.remove(key)
            server.begin("rival", .init(key: key))
            server.fail([.init(.create, .after(.close))])
            try await S3Errand.putLarge.run(on: try scriptedStore(url))
            #expect(server.objects[key]?.bytes == S3Errand.largeBytes)
            #expect(server.uploads.count == 4 && server.uploads.keys.contains("rival"))
        }
    }

    @Test("Without a lost answer nobody's uploads are asked for")
    func untroubled() async throws {
        try await withScriptedS3 { server, url in
            server.begin("rival", .init(key: S3Errand.prefix + S3Errand.large))
            try await S3Errand.putLarge.run(on: try scriptedStore(url))
            #expect(Set(server.uploads.keys) == ["rival"] && !server.seen.contains(.uploads))
        }
    }

    @Test("What cannot be removed after a failure is said with it")
    func notRemoved() async throws {
        let denied = ScriptedReply.error(403, "AccessDenied")
        let faults = [ScriptedS3.Fault.always(.part, .instead(denied)), .always(.abort, .instead(denied))]
        try await withScriptedS3(faults) { server, url in
            let store = try scriptedStore(url)
            let error = try await #require(throws: BackupError.self) { try await S3Errand.putLarge.run(on: store) }
            #expect(error.message.contains("s3:PutObject"))
            #expect(error.others.first?.contains("s3:AbortMultipartUpload") == true)
        }
    }

    @Test("A body that fails or is cancelled leaves no upload, and its error passes through")
    func bodies() async throws {
        try await withScriptedS3 { server, url in
            let store = try scriptedStore(url)
            await #expect(throws: Interruption.self) {
                try await store.put("a") { sink in
                    try await sink.write(S3Errand.largeBytes)
                    throw Interruption()
                }
            }
            let (begun, signal) = AsyncStream.makeStream(of: Void.self)
            let writing = Task {
                try await store.put("b") { sink in
                    try await sink.write(S3Errand.largeBytes)
                    signal.finish()
                    while true { try await sink.write(S3Errand.largeBytes) }
                }
            }
            for await _ in begun {}
            writing.cancel()
            await #expect(throws: (any Error).self) { try await writing.value }
            #expect(server.uploads.isEmpty && server.objects.isEmpty)
        }
    }

    @Test("Credentials that may write but not look store all the same, without overwriting")
    func writeOnly() async throws {
        let faults: [ScriptedS3.Fault] = [.always(.head, .instead(.answer(403))), .always(.get, .instead(.error(403, "AccessDenied")))]
        try await withScriptedS3(faults) { server, url in
            let store = try scriptedStore(url)
            try await S3Errand.putSmall.run(on: store)
            try await S3Errand.putLarge.run(on: store)
            #expect(server.objects.count == 2)
            let error = try await #require(throws: BackupError.self) { try await S3Errand.putLarge.run(on: store) }
            #expect(error.code == .targetExists)
            #expect(server.uploads.isEmpty)
        }
    }

    @Test("Expired credentials are renewed once in an operation")
    func renewal() async throws {
        try await withScriptedS3([.always(.put, .instead(.error(400, "ExpiredToken")))]) { _, url in
            let credentials = ScriptedCredentials()
            let store = try scriptedStore(url, credentials: credentials)
            await #expect(throws: BackupError.self) { try await S3Errand.putSmall.run(on: store) }
            #expect(credentials.renewals == 1)
        }
    }
}
