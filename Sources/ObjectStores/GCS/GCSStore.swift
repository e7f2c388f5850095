package import BackupModel
import NIOHTTP1

/// A bucket of Google Cloud Storage, or what lies under a prefix of it, by the JSON API. No key is ever written but under a precondition, so of two
/// writers one wins and knows it.
///
/// What a killed run had begun to upload is invisible, costs nothing and ends by itself within a week, so there is nothing to clean.
package struct GCSStore: BackupStore {
    let client: GCSClient
    let options: GCSOptions

    package var name: String { client.location.name }

    /// - Throws: `.invalidConfiguration` when the authorities to trust cannot be read.
    package init(
        _ location: GCSLocation, options: GCSOptions, credentials: any GoogleCredentialSource, http: HTTPOptions, context: RunContext
    ) throws {
        self.init(
            client: GCSClient(
                location: location, credentials: credentials, transport: try NetworkTransport(http),
                retrier: Retrier(options.retry, clock: context.clock), now: context.now),
            options: options)
    }

    init(client: GCSClient, options: GCSOptions) {
        self.client = client
        self.options = options
    }

    package func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try validate(key)
        let upload = GCSUpload(client: client, options: options, key: key)
        do {
            let result = try await body(upload)
            try Task.checkCancellation()
            try await upload.finish()
            return result
        } catch {
            throw await takenBack(upload, key, after: error)
        }
    }

    /// In a cancelled task too. The error stays the one that led here; that something may be left is added to it. A cancellation stays one, as
    /// callers tell it by its type, and has no room to say more.
    func takenBack(_ upload: GCSUpload, _ key: String, after error: any Error) async -> any Error {
        do {
            try await uncancelled { try await upload.abort() }
            return error
        } catch let second {
            guard var failure = error as? BackupError else { return error }
            failure.others.append("whether something of \(key) is left in \(name) is not known: \(second)")
            return failure
        }
    }

    /// Reads and writes under the generation that was read, again when another one won.
    package func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try validate(key)
        for _ in 0..<1000 {
            guard let object = try await client.facts(key) else { throw missing(key) }
            guard let bytes = try await GCSFile(client: client, key: key, object: object).readIfUnchanged() else { continue }
            let document = GCSDocument(client: client, options: options, key: key)
            if try await document.store(try change(bytes), replacing: object.generation) != nil { return }
        }
        throw BackupError(
            .storeFailed, "cannot change \(key) in \(name): others change it all the time", hint: "Find out who else writes there.")
    }

    package func open(_ key: String) async throws -> any RandomAccessBytes {
        try validate(key)
        guard let object = try await client.facts(key) else { throw missing(key) }
        return GCSFile(client: client, key: key, object: object)
    }

    package func list() async throws -> [StoredObject] {
        var found: [StoredObject] = []
        var token: String?
        repeat {
            let answer = try await client.send(.list, HTTPCall(.GET, client.location.listing(after: token)))
            guard answer.isSuccess else { throw await client.error(of: answer, .list) }
            let page = try answer.decoded(as: GCSPage.self, from: name)
            found += (page.items ?? []).compactMap(stored)
            let next = page.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
            guard next == nil || next != token else { throw endless() }
            token = next
        } while token != nil
        return found.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private func endless() -> BackupError {
        BackupError(
            .storeFailed, "\(name) is listed without end: a page names itself as the next one",
            hint: "Something between here and Cloud Storage may answer in its place: a cache, a proxy.")
    }

    private func stored(_ object: GCSObject) -> StoredObject? {
        guard let key = client.location.key(ofObject: object.name), StoreKey.isForBuckets(key) else { return nil }
        return StoredObject(
            key: key, bytes: object.size, modifiedAt: object.timeCreated ?? Instant(millisecondsSinceEpoch: 0), tag: "\(object.generation)")
    }

    func validate(_ key: String) throws {
        guard StoreKey.isForBuckets(key) else { throw StoreKey.refusal(of: key) }
    }

    private func missing(_ key: String) -> BackupError {
        BackupError(
            .artifactMissing, "there is no \(key) in \(name)", hint: "See what exists with `call-center-admin db list`.")
    }
}
