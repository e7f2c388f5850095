package import SystemPackage

/// A running server of object stores, on 127.0.0.1. It has a bucket `backups`, and `locked`, with versions and object lock, where it knows that.
package struct S3Server: Sendable {
    package let kind: S3Installation.Kind
    /// Without TLS.
    package let port: Int
    /// With TLS, by a certificate of `ca.crt` in the folder; only SeaweedFS.
    package let securePort: Int?
    package let folder: FilePath

    package var url: String { "http://127.0.0.1:\(port)" }
    package var secureURL: String? { securePort.map { "https://127.0.0.1:\($0)" } }
    package var authorities: FilePath { folder.appending("ca.crt") }
    package let bucket = "backups"
    package let lockedBucket = "locked"
    package let accessKeyID: String
    package let secretAccessKey: String
    package var region: String { "eu-west-9" }
}

/// One server of each kind for the whole test process, started when first asked for; its supervisor ends it with the process. Tests use prefixes of
/// their own in its buckets.
package actor SharedS3Servers {
    package static let shared = SharedS3Servers()

    private var starting: [S3Installation.Kind: Task<S3Server, any Error>] = [:]
    /// Never finished: the scopes of the servers last as long as the process.
    private var lifetimes: [AsyncStream<Never>.Continuation] = []

    /// - Throws: `StoreServerMissing` where it is not on this machine.
    package func server(_ kind: S3Installation.Kind) async throws -> S3Server {
        if let known = starting[kind] { return try await known.value }
        let (lifetime, continuation) = AsyncStream<Never>.makeStream()
        lifetimes.append(continuation)
        let task = Task { try await Self.start(kind, lifetime) }
        starting[kind] = task
        return try await task.value
    }

    private static func start(_ kind: S3Installation.Kind, _ lifetime: AsyncStream<Never>) async throws -> S3Server {
        try await withCheckedThrowingContinuation { started in
            Task {
                do {
                    try await withS3Server(kind) { server in
                        started.resume(returning: server)
                        for await _ in lifetime {}
                    }
                } catch {
                    started.resume(throwing: error)
                }
            }
        }
    }
}

/// Runs `body` with the shared server of a kind and a prefix of its own in the bucket; skips where the server is missing.
package func withS3<Value: Sendable>(
    _ kind: S3Installation.Kind = .seaweedfs, _ body: (S3Server, _ prefix: String) async throws -> Value
) async throws -> Value {
    try requireStore(kind)
    return try await body(try await SharedS3Servers.shared.server(kind), "tests/\(UInt64.random(in: 0 ... .max))")
}
