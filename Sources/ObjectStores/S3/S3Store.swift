package import BackupModel
import NIOCore

/// A bucket, or what lies under a prefix of it, as a store. Speaks S3's protocol as AWS documents it; what another server lacks of it is found out by its
/// trials, and never relied on silently.
///
/// Keys are flat: what lies deeper than the prefix is somebody else's.
package struct S3Store: SelfCleaningStore {
    package let options: S3Options
    private(set) var client: S3Client
    /// Updates of one document take turns in this process, which spares a busy one most collisions.
    let turns = KeyedTurns()
    let context: RunContext
    /// What is not encrypted as the options ask fails. A trial stores it all the same, to say what the server does instead.
    var provesEncryption = true

    package var name: String { options.name }

    /// - Throws: `.invalidConfiguration` for an endpoint, a bucket's name or a file of authorities that cannot be used.
    package init(_ options: S3Options, credentials: any AWSCredentialSource, context: RunContext) throws {
        try self.init(options, credentials: credentials, transport: try NetworkTransport(options.http), context: context)
    }

    init(_ options: S3Options, credentials: any AWSCredentialSource, transport: any HTTPTransport, context: RunContext) throws {
        self.options = options
        self.context = context
        client = S3Client(
            address: try S3Address(options), region: options.region, name: options.name, credentials: credentials, transport: transport,
            retrier: Retrier(options.retry, clock: context.clock), now: context.now)
    }

    /// The same store for what may fail: each request is sent once, and whoever asks next is not to suffer for it.
    var impatient: S3Store {
        var store = self
        store.client.isImpatient = true
        return store
    }

    /// Looks first, so that a run does not read a database for a key that is taken; what is stored meanwhile is kept by `If-None-Match`.
    package func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await put(key, expecting: nil, body)
    }

    package func put<Result: Sendable>(
        _ key: String, expecting bytes: Int64?, _ body: (any ByteSink) async throws -> Result
    ) async throws -> Result {
        try validate(key)
        try await requireFree(key)
        return try await S3Upload(self, key: key, expecting: bytes).run(body)
    }

    package func open(_ key: String) async throws -> any RandomAccessBytes { try await object(key) }

    func object(_ key: String) async throws -> S3Object {
        try validate(key)
        let answer = try await client.send(S3Request(.head, key), expecting: [404])
        guard answer.status != 404 else {
            try await requireBucket()
            throw S3Failure.missing(key, client)
        }
        return S3Object(key: key, facts: try S3Facts(answer, key, client), client: client)
    }

    func validate(_ key: String) throws {
        guard StoreKey.isForBuckets(key) else { throw StoreKey.refusal(of: key) }
    }

    func taken(_ key: String) -> BackupError {
        BackupError(.targetExists, "\(key) in \(name) is there already, and nothing is overwritten", hint: "Delete it if it is not wanted.")
    }

    /// Told apart from one of the same name that somebody else stored.
    static func freshToken() -> String { (0..<16).map { _ in UInt8.random(in: 0 ... .max) }.hexadecimal }

    enum Presence {
        case absent
        case present(S3Facts)
        /// The credentials may write but not look: then only the write itself tells.
        case unknown
    }

    func presence(of key: String) async throws -> Presence {
        let answer = try await client.send(S3Request(.head, key), expecting: [404], tolerating: ["AccessDenied"])
        if answer.status == 404 { return .absent }
        return answer.isSuccess ? .present(try S3Facts(answer, key, client)) : .unknown
    }

    /// A HEAD does not tell a missing object from a missing bucket.
    private func requireBucket() async throws {
        _ = try await client.send(S3Request(.list, query: [("list-type", "2"), ("max-keys", "1"), ("prefix", options.prefix)]))
    }
}
