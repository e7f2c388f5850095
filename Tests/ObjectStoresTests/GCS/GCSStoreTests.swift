import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("Cloud Storage")
struct GCSStoreTests {
    @Test("It keeps the contract of stores", arguments: StoreContract.allCases)
    func contract(promise: StoreContract) async throws {
        try await GCSScene.with(prefix: "night/run") { try await promise.check(on: $0.store) }
    }

    @Test(
        "A stream of unknown length goes up in pieces",
        arguments: [0, 1, GCSScene.piece - 1, GCSScene.piece, GCSScene.piece + 1, 2 * GCSScene.piece, 1_300_001])
    func lengths(count: Int) async throws {
        let bytes = pattern(count)
        try await GCSScene.with { scene in
            try await scene.store.put("a") { sink in
                for begin in stride(from: 0, to: count, by: 100_000) {
                    try await sink.write(Array(bytes[begin..<min(begin + 100_000, count)]))
                }
            }
            #expect(scene.server.object("a")?.bytes == bytes)
            #expect(scene.server.openSessions == 0)
            #expect(scene.server.log.contains("begin") == (count > GCSScene.piece))
            #expect(scene.server.log.count { $0 == "piece" } == max(0, (count - 1) / GCSScene.piece))
        }
    }

    @Test("The name, the storage class, the key and the mark of the upload go along")
    func facts() async throws {
        let server = ScriptedGCS()
        try await server.serving {
            var scene = try GCSScene(server, prefix: "p", kmsKey: "projects/p/locations/l/keyRings/r/cryptoKeys/k")
            try await scene.store.put("small", bytes: [1])
            try await scene.store.put("large", bytes: pattern(GCSScene.piece + 1))
            #expect(server.names == ["p/large", "p/small"])
            for name in server.names {
                #expect(server.object(name)?.kmsKeyName == "projects/p/locations/l/keyRings/r/cryptoKeys/k")
                #expect(server.object(name)?.metadata[GCSObject.uploadMark]?.isEmpty == false)
                #expect(server.object(name)?.storageClass == "STANDARD")
            }
            scene = try GCSScene(server)
        }
    }

    @Test("A listing is read page by page, and what is not ours is left out")
    func listing() async throws {
        try await GCSScene.with(ScriptedGCS(pageSize: 3), prefix: "p") { scene in
            for number in 0..<8 { scene.server.store("p/k\(number)", [UInt8](repeating: 1, count: number)) }
            for name in ["p", "p/.hidden", "p/deeper/k", "px/k", "other", "p/"] { scene.server.store(name, [1]) }
            let objects = try await scene.store.list()
            #expect(objects.map(\.key) == (0..<8).map { "k\($0)" })
            #expect(objects.map(\.bytes) == Array(0..<8))
            #expect(Set(objects.compactMap(\.tag)).count == 8)
            #expect(objects.first?.modifiedAt == Instant(iso8601: "2026-02-14T02:00:00Z"))
            #expect(scene.server.log.count { $0 == "list" } == 4)
        }
    }

    @Test("A page without items is not the end")
    func emptyPage() async throws {
        try await GCSScene.with { scene in
            scene.server.store("a", [1])
            scene.server.add(GCSFault(.list, .changed { _, body in body = Array(#"{"nextPageToken": "0"}"#.utf8) }))
            let objects = try await scene.store.list()
            #expect(objects.map(\.key) == ["a"])
        }
    }

    @Test("What is open stays what it was, and says when it is gone")
    func pinned() async throws {
        try await GCSScene.with { scene in
            try await scene.store.put("a", bytes: [1, 2, 3])
            let file = try await scene.store.open("a")
            #expect(try await file.read(at: 1, count: 2) == [2, 3])
            scene.server.store("a", [4, 5, 6])
            let error = try await #require(throws: BackupError.self) { _ = try await file.read(at: 1, count: 2) }
            #expect(error.message.contains("deleted or replaced"))
        }
    }

    @Test("What a hold or a retention policy keeps is locked, and stays")
    func locked() async throws {
        try await GCSScene.with { scene in
            for key in ["held", "retained"] { try await scene.store.put(key, bytes: [1]) }
            scene.server.change("held") { $0.temporaryHold = true }
            scene.server.change("retained") { $0.retainedUntil = "2027-01-01T00:00:00Z" }
            for key in ["held", "retained"] {
                let error = try await #require(throws: BackupError.self) { try await scene.store.delete(key) }
                #expect(error.code == .objectLocked)
                #expect(error.message.contains(key == "held" ? "temporary hold" : "2027-01-01"))
            }
            #expect(scene.server.names == ["held", "retained"])
        }
    }

    @Test("Where old versions are kept, what is locked is not hidden by a delete; what may not be looked at is up to the server")
    func hidden() async throws {
        try await GCSScene.with { scene in
            scene.server.keepVersions()
            for key in ["free", "held", "later", "retained"] { try await scene.store.put(key, bytes: [1]) }
            scene.server.change("held") { $0.temporaryHold = true }
            scene.server.change("retained") { $0.retainedUntil = "2027-02-01T00:00:00Z" }
            for key in ["free", "gone"] { #expect(try await scene.store.lockReason(of: key) == nil) }
            #expect(try await scene.store.lockReason(of: "held") == "under a temporary hold")
            for key in ["held", "retained"] {
                let error = try await #require(throws: BackupError.self) { try await scene.store.delete(key) }
                #expect(error.code == .objectLocked)
            }
            try await scene.store.delete("free")
            #expect(scene.server.names == ["held", "later", "retained"] && scene.server.oldVersions(of: "held").isEmpty)
            scene.server.add(GCSFault(.facts, .instead(GCSFault.refusal(403, "forbidden", "no"))))
            try await scene.store.delete("later")
            #expect(scene.server.oldVersions(of: "later").count == 1)
        }
    }

    @Test("What may be left of a failed upload is said")
    func left() async throws {
        try await GCSScene.with { scene in
            scene.server.add(GCSFault(.document, .afterwards(.reset), times: GCSFault.always))
            scene.server.add(GCSFault(.delete, .instead(GCSFault.refusal(403, "forbidden", "no")), times: GCSFault.always))
            let error = try await #require(throws: BackupError.self) { try await scene.store.put("a", bytes: [1]) }
            #expect(error.others.first?.contains("whether something of a is left") == true)
            #expect(error.others.first?.contains("storage.objects.delete") == true)
        }
    }

    @Test("A small object whose writer is cancelled before the answer is taken back")
    func cancelled() async throws {
        try await GCSScene.with { scene in
            scene.server.add(GCSFault(.document, .afterwards(.silence)))
            let writing = Task { try await scene.store.put("a", bytes: [1]) }
            while scene.server.object("a") == nil { await Task.yield() }
            writing.cancel()
            await #expect(throws: (any Error).self) { try await writing.value }
            #expect(scene.server.object("a") == nil)
        }
    }

    @Test("An update reads and writes under one generation")
    func update() async throws {
        try await GCSScene.with { scene in
            try await scene.store.put("a", bytes: [1])
            let before = scene.server.object("a")?.generation
            try await scene.store.update("a") { $0 + [2] }
            #expect(scene.server.object("a")?.bytes == [1, 2])
            #expect(scene.server.object("a")?.generation != before)
        }
    }
}
