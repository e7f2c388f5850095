import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("S3 store on real servers")
struct S3StoreTests {
    @Test("It keeps the contract of stores", arguments: S3Installation.Kind.allCases, StoreContract.allCases)
    func contract(kind: S3Installation.Kind, promise: StoreContract) async throws {
        try await withS3Store(kind) { store in try await promise.check(on: store) }
    }

    @Test("It keeps the contract over TLS by our own authority, in a bucket with object lock", arguments: StoreContract.allCases)
    func securedContract(promise: StoreContract) async throws {
        try await withS3 { server, prefix in
            let url: String = try #require(server.secureURL)
            var options = S3Options(bucket: server.lockedBucket, prefix: prefix, region: server.region, endpoint: url)
            options.http.authorities = server.authorities.string
            let store = try S3Store(options, credentials: server.credentials, context: .live())
            #expect(try await store.locksObjects())
            #expect(try await store.versioning() == "Enabled")
            try await promise.check(on: store)
        }
    }

    @Test("A bucket named before the host holds the same objects as one named in the path")
    func virtualHost() async throws {
        try await withS3(.moto) { server, prefix in
            var options = S3Options(
                bucket: server.bucket, prefix: prefix, region: server.region, endpoint: "http://s3.example.com:\(server.port)")
            options.addressing = .virtual
            let store = try S3Store(
                options, credentials: server.credentials, transport: try LocalNames(transport: NetworkTransport(options.http)),
                context: .live())
            try await store.put("a b+c.json", bytes: [1, 2, 3])
            try await store.put("large") { sink in
                for _ in 0..<9 { try await sink.write([UInt8](repeating: 7, count: 1 << 20)) }
            }
            try await store.update("a b+c.json") { $0 + [4] }
            #expect(try await store.list().map(\.key) == ["a b+c.json", "large"])
            (options.endpoint, options.addressing) = (server.url, .path)
            let byPath = try S3Store(options, credentials: server.credentials, context: .live())
            #expect(try await byPath.read("a b+c.json") == [1, 2, 3, 4])
            #expect(try await byPath.open("large").byteCount == 9 << 20)
            try await store.delete("large")
            #expect(try await byPath.list().map(\.key) == ["a b+c.json"])
        }
    }

    @Test("What a server lacks of conditional writes is found out by trying", arguments: S3Installation.Kind.allCases)
    func conditions(kind: S3Installation.Kind) async throws {
        try await withS3Store(kind) { store in
            let found = try await store.conditionalWrites()
            #expect(found == S3Conditions(keepsExisting: kind.keepsExisting, noticesChanges: kind.noticesChanges))
            #expect(try await store.list().isEmpty)
        }
    }

    @Test("An object in many parts reads back whole and in ranges", arguments: S3Installation.Kind.allCases)
    func manyParts(kind: S3Installation.Kind) async throws {
        try await withS3Store(kind, change: { $0.partSize = 5 << 20 }) { store in
            let chunk = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await store.put("big-20260214T020000Z.sql.gz") { sink in
                for _ in 0..<17 { try await sink.write(chunk) }
            }
            let object = try await store.open("big-20260214T020000Z.sql.gz")
            #expect(object.byteCount == 17 * 1_000_003)
            #expect(try await object.read(at: 16 * 1_000_003, count: 1_000_003) == chunk)
            #expect(try await object.read(at: 5_242_870, count: 20) == (5_242_870..<5_242_890).map { chunk[$0 % 1_000_003] })
            #expect(try await store.list().map(\.bytes) == [17 * 1_000_003])
        }
    }

    @Test("A part that is full exactly at the end is the last one", arguments: [S3Installation.Kind.seaweedfs, .moto])
    func exactEnd(kind: S3Installation.Kind) async throws {
        try await withS3Store(kind, change: { $0.partSize = 5 << 20 }) { store in
            for parts in [1, 2] {
                try await store.put("exact-\(parts)") { sink in
                    for _ in 0..<parts * 5 { try await sink.write([UInt8](repeating: 3, count: 1 << 20)) }
                }
                #expect(try await store.open("exact-\(parts)").byteCount == Int64(parts * 5 << 20))
            }
        }
    }

    @Test("TLS by an authority of our own, and not without it")
    func tls() async throws {
        try await withS3 { server, prefix in
            var options = S3Options(bucket: server.bucket, prefix: prefix, region: server.region, endpoint: server.secureURL)
            options.http.authorities = server.authorities.string
            let store = try S3Store(options, credentials: server.credentials, context: .live())
            try await store.put("a", bytes: [1, 2])
            #expect(try await store.read("a") == [1, 2])
            options.http.authorities = nil
            let distrusting = try S3Store(options, credentials: server.credentials, context: .live())
            let error = try await #require(throws: BackupError.self) { try await distrusting.list() }
            #expect(error.message.contains("TLS"))
            #expect(error.hint?.contains("AWS_CA_BUNDLE") == true)
        }
    }
}

/// A network where the names of every bucket lead to this machine; the server sees the name in the header `Host`.
private struct LocalNames: HTTPTransport {
    let transport: NetworkTransport

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        var call = call
        #expect(call.url.hasPrefix("http://backups.s3.example.com:"))
        call.url = call.url.replacing("http://backups.s3.example.com:", with: "http://127.0.0.1:", maxReplacements: 1)
        return try await transport.send(call)
    }
}

/// Runs `body` with a store on the shared server of a kind, under a prefix of its own.
func withS3Store<Value: Sendable>(
    _ kind: S3Installation.Kind = .seaweedfs, bucket: String? = nil, change: (inout S3Options) -> Void = { _ in },
    _ body: (S3Store) async throws -> Value
) async throws -> Value {
    try await withS3(kind) { server, prefix in
        var options = S3Options(bucket: bucket ?? server.bucket, prefix: prefix, region: server.region, endpoint: server.url)
        change(&options)
        return try await body(try S3Store(options, credentials: server.credentials, context: .live()))
    }
}

extension S3Server {
    var credentials: StaticAWSCredentials {
        StaticAWSCredentials(AWSCredentials(accessKeyID: accessKeyID, secretAccessKey: Secret(secretAccessKey), source: "the test"))
    }
}
