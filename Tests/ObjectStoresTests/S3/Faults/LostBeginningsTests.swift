import BackupTestKit
import Testing

@testable import ObjectStores

@Suite("Uploads to S3 that were begun unknowingly")
struct LostBeginningsTests {
    private static let key = S3Errand.prefix + S3Errand.large
    private static let lost = ScriptedS3.Fault(.create, .after(.close))

    @Test(
        "What cannot be removed is no reason to lose what is stored, nor to ask again, nor to think the store down",
        arguments: [(403, "AccessDenied"), (500, "InternalError")])
    func kept(status: Int, code: String) async throws {
        try await withScriptedS3([Self.lost, .always(.uploads, .instead(.error(status, code)))]) { server, url in
            let store = try scriptedStore(url)
            try await S3Errand.putLarge.run(on: store)
            #expect(server.objects.values.map(\.bytes) == [S3Errand.largeBytes] && server.uploads.count == 1)
            #expect(server.seen.count { $0 == .uploads } == 1 && store.trouble == nil)
        }
    }

    @Test("Called off while they are looked for, it leaves the whole object where it is")
    func calledOff() async throws {
        let (asked, signal) = AsyncStream.makeStream(of: Void.self)
        let hanging = ScriptedS3.Fault.always(
            .uploads,
            .changing { reply in
                signal.finish()
                reply = .silence
            })
        try await withScriptedS3([Self.lost, hanging]) { server, url in
            let store = try scriptedStore(url)
            let writing = Task {
                defer { signal.finish() }
                try await S3Errand.putLarge.run(on: store)
            }
            for await _ in asked {}
            writing.cancel()
            try await writing.value
            #expect(server.seen.contains(.uploads))
            #expect(server.objects[Self.key]?.bytes == S3Errand.largeBytes)
        }
    }

    @Test(
        "An answer that says that nothing was begun is not a lost one",
        arguments: [
            (408, "RequestTimeout", false), (429, "TooManyRequests", false), (503, "SlowDown", false), (500, "InternalError", true),
        ])
    func refused(status: Int, code: String, isInDoubt: Bool) async throws {
        try await withScriptedS3([.init(.create, .instead(.error(status, code)))]) { server, url in
            try await S3Errand.putLarge.run(on: try scriptedStore(url))
            S3Errand.putLarge.checkDone(server)
            #expect(server.seen.count { $0 == .create } == 2 && server.seen.contains(.uploads) == isInDoubt)
        }
    }

    @Test("A busy server does not raise the number of uploads that may be ours: where there are more, another host's is among them")
    func limit() async throws {
        try await withScriptedS3([Self.lost, .init(.create, .instead(.error(503, "SlowDown")))]) { server, url in
            server.begin("rival", .init(key: Self.key))
            try await S3Errand.putLarge.run(on: try scriptedStore(url))
            #expect(server.objects[Self.key]?.bytes == S3Errand.largeBytes)
            #expect(server.uploads.count == 2 && server.uploads.keys.contains("rival"))
        }
    }
}
