package import BackupModel
import NIOCore
import NIOHTTP1

/// What a bucket of S3 has to show, or of a server that speaks as it.
extension S3Store: ProvableStore {
    package var forTrials: any ProvableStore {
        get throws {
            var options = options
            options.retention = nil
            options.hasLegalHold = false
            // What is looked for afterwards is where it was stored.
            var store = try S3Store(options, credentials: client.credentials, context: context)
            store.provesEncryption = false
            return S3TrialStore(store: store, configured: self.options)
        }
    }

    package func ownTrials(_ name: String, on bench: TrialBench, context: RunContext) async {
        await S3TrialStore(store: self, configured: options).ownTrials(name, on: bench, context: context)
    }

    /// Old versions too, and the marker a delete leaves.
    package func removeTrial(_ key: String) async throws -> String? {
        do { try await delete(key) } catch let error as BackupError where error.code == .objectLocked {
            return "\(error.message); it has to be deleted later"
        }
        do {
            for version in try await versions(of: key) { try await deleteVersion(version, of: key) }
        } catch let error as BackupError {
            return "old versions of what was stored for this check stay until the bucket's lifecycle removes them: \(error.message)"
        }
        return nil
    }

    /// The IDs of all versions, and of the markers that deletes leave; none where the server knows none.
    func versions(of key: String, withMarkers: Bool = true) async throws -> [String] {
        let request = S3Request(.listVersions, query: [("versions", ""), ("prefix", options.prefix + key), ("encoding-type", "url")])
        guard try await versioning() != nil else { return [] }
        let page = try decode(S3Versions.self, root: S3Versions.root, from: try await client.send(request), request)
        let entries = (page.version ?? []) + (withMarkers ? page.deleteMarker ?? [] : [])
        return entries.filter { self.key($0.key, encoding: page.encodingType) == key }.compactMap(\.versionId)
    }

    func deleteVersion(_ version: String, of key: String, headers: [(name: String, value: String)] = []) async throws {
        _ = try await client.send(S3Request(.deleteVersion, key, query: [("versionId", version)], headers: headers), expecting: [404])
    }
}

struct S3Versions: Decodable {
    struct Entry: Decodable {
        var key: String
        var versionId: String?
    }

    static let root = "ListVersionsResult"

    var version: [Entry]?
    var deleteMarker: [Entry]?
    var encodingType: String?
}

/// A store without locks, and what the settings say of them.
struct S3TrialStore: StoreAround, ProvableStore {
    let store: S3Store
    let configured: S3Options

    var inner: any BackupStore { store }

    func removeTrial(_ key: String) async throws -> String? { try await store.removeTrial(key) }

    func ownTrials(_ name: String, on bench: TrialBench, context: RunContext) async {
        await bench.run("conditions") { try await conditions() }
        await bench.run("complete") { try await completion(name + ".complete") }
        await bench.run("abort") { try await abort(name + ".abort") }
        await bench.run("copies", patience: TrialBench.patience(for: Self.copiedBytes)) { try await copies(name + ".copied") }
        await bench.run("checksums") { try await checksums(name + ".damaged") }
        await bench.run("clock") { ClockTrial.of(try await store.clockLead()) }
        await bench.run("storage class") { try await storageClass(name + ".class") }
        await bench.run("versioning") { try await optional("versioning") { try await versioning(name + ".versions") } }
        await bench.run("object lock") { try await lockTrial(name + ".locked", context) }
        await bench.run("encryption") { try await encryption(name + ".encrypted") }
    }

    /// What can only be looked at with a permission that backups do without, or not at all on servers that lack the request.
    func optional(_ title: String, _ body: () async throws -> Trial) async throws -> Trial {
        do { return try await body() } catch let error as BackupError where error.code == .storeFailed {
            return Trial(title, "not known: \(error.message)", .lacking(hint: error.hint ?? "Backups do without it."))
        }
    }
}

extension S3TrialStore {
    private func conditions() async throws -> Trial {
        let found = try await store.conditionalWrites()
        var lacks: [String] = []
        if !found.keepsExisting { lacks.append("If-None-Match") }
        if !found.noticesChanges { lacks.append("If-Match") }
        guard lacks.isEmpty else {
            return Trial(
                "conditions",
                "this server ignores \(lacks.joined(separator: " and ")), so it is looked before each write whether the name is free",
                .lacking(hint: "Runs that store one name in the same moment could overwrite each other; let only one host write there."))
        }
        return Trial("conditions", "nothing is overwritten, and a change made meanwhile is noticed, by the server itself")
    }

    /// Another object takes the name between the parts and their completion.
    private func completion(_ key: String) async throws -> Trial {
        try await cleaning(key) { upload in
            let part = try await store.uploadPart(
                PartQueue.Item(number: 1, bytes: ByteBuffer(string: "in parts\n")), of: key, upload: upload)
            try await store.putWhole(key, ByteBuffer(string: "at once\n"), token: S3Store.freshToken())
            let request = S3Request(
                .completeUpload, key, query: [("uploadId", upload)],
                headers: [("if-none-match", "*"), ("content-type", "application/xml")], body: ByteBuffer(string: [part].completion))
            _ = try await store.client.send(request, expecting: [404, 409, 412])
            guard try await store.read(key) == Array("at once\n".utf8) else {
                return Trial(
                    "complete", "an upload in parts overwrites what was stored meanwhile, so it is looked before whether the name is free",
                    .lacking(hint: "Let only one host write there."))
            }
            return Trial("complete", "an upload in parts that ends after another one of the same name is refused")
        }
    }

    func abort(_ key: String) async throws -> Trial {
        try await cleaning(key) { upload in
            _ = try await store.uploadPart(PartQueue.Item(number: 1, bytes: ByteBuffer(string: "to be aborted\n")), of: key, upload: upload)
            try await store.abortUpload(key, upload: upload)
            let parts = S3Request(.listParts, key, query: [("uploadId", upload)])
            guard try await store.client.send(parts, expecting: [404]).status == 404 else {
                let hint =
                    "Give the bucket a lifecycle rule that ends unfinished uploads (AbortIncompleteMultipartUpload): they cost money unseen."
                return Trial("abort", "an upload that was aborted is still there", .lacking(hint: hint))
            }
            return Trial("abort", "an upload under way can be aborted, and nothing of it stays")
        }
    }

    /// With an upload that has begun under the key; whatever of both is there afterwards is removed.
    func cleaning<Value: Sendable>(
        _ key: String, token: String = S3Store.freshToken(), _ body: (_ upload: String) async throws -> Value
    ) async throws -> Value {
        let upload = try await store.createUpload(key, token: token)
        let result: Swift.Result<Value, any Error>
        do { result = .success(try await body(upload)) } catch { result = .failure(error) }
        try await uncancelled {
            try await store.abortUpload(key, upload: upload)
            _ = try await store.removeTrial(key)
        }
        return try result.get()
    }
}
