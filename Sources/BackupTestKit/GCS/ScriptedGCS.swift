import Synchronization

/// A Cloud Storage of our own, written from Google's documentation of the JSON API: resumable uploads, generations and preconditions, checksums,
/// holds, token endpoint and metadata server; with faults when a test asks for them. It holds one bucket.
package final class ScriptedGCS: Sendable {
    package struct Object: Sendable, Equatable {
        package let bytes: [UInt8]
        /// In base 64.
        let checksum: String
        package var generation: Int64 = 0
        package var storageClass = "STANDARD"
        package var kmsKeyName: String?
        package var metadata: [String: String] = [:]
        package var temporaryHold = false
        /// ISO 8601; kept until then.
        package var retainedUntil: String?

        init(bytes: [UInt8], checksum: String? = nil) {
            self.bytes = bytes
            self.checksum = checksum ?? bytes.checksum
        }
    }

    struct Session {
        var name: String
        var bytes: [UInt8] = []
        var generationMatch: Int64?
        var storageClass: String?
        var kmsKeyName: String?
        var metadata: [String: String]
        var object: Object?
        var isCancelled = false
    }

    struct State {
        var objects: [String: Object] = [:]
        /// Old generations, where the bucket keeps them; nil where it does not.
        var noncurrent: [String: [Object]]?
        var sessions: [String: Session] = [:]
        var lastGeneration: Int64 = 1_700_000_000_000_000
        var faults: [GCSFault] = []
        var tokens: Set<String> = []
        var issued = 0
        /// Of everything that is stored from now on.
        var retainedUntil: String?
        var bucketFacts = #"{"name": "bucket", "storageClass": "STANDARD"}"#
        var log: [String] = []
    }

    let state = Mutex(State())
    package let bucket: String
    /// Nobody is served without one of the tokens it issued.
    let wantsTokens: Bool
    /// Names on one page of a listing.
    let pageSize: Int
    /// Where it listens; known once it does.
    private let place = Mutex("")

    package init(bucket: String = "bucket", wantsTokens: Bool = false, pageSize: Int = 1000) {
        self.bucket = bucket
        self.wantsTokens = wantsTokens
        self.pageSize = pageSize
    }

    package var url: String { place.withLock { $0 } }
}

extension ScriptedGCS {
    /// Runs `body` while it listens.
    package func serving<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await withScriptedHTTP(early: { self.early($0) }, { self.respond(to: $0) }) { server in
            place.withLock { $0 = server.url }
            return try await body()
        }
    }

    package func add(_ faults: GCSFault...) { state.withLock { $0.faults += faults } }

    /// Puts an object there as somebody else's upload would.
    package func store(_ name: String, _ bytes: [UInt8]) { state.withLock { $0.store(name, Object(bytes: bytes)) } }

    package func change(_ name: String, _ change: (inout Object) -> Void) {
        state.withLock { state in
            guard var object = state.objects[name] else { return }
            change(&object)
            state.objects[name] = object
        }
    }

    package func setBucketFacts(_ json: String) { state.withLock { $0.bucketFacts = json } }

    /// As a retention policy of the bucket would, with everything stored from now on.
    /// - Parameter end: ISO 8601.
    package func retainAll(until end: String?) { state.withLock { $0.retainedUntil = end } }

    /// Whatever is replaced, or deleted by its name alone, becomes an old generation from now on, under a lock or not.
    package func keepVersions() { state.withLock { $0.noncurrent = $0.noncurrent ?? [:] } }

    package func oldVersions(of name: String) -> [Object] { state.withLock { $0.noncurrent?[name] ?? [] } }

    package func object(_ name: String) -> Object? { state.withLock { $0.objects[name] } }

    package var names: [String] { state.withLock { $0.objects.keys.sorted() } }

    /// Sessions that are neither complete nor cancelled.
    package var openSessions: Int { state.withLock { $0.sessions.values.count { $0.object == nil && !$0.isCancelled } } }

    /// Every request by its moment, in order.
    package var log: [String] { state.withLock { $0.log } }

    /// Faults that have not happened as often as they should.
    package var pendingFaults: Int { state.withLock { $0.faults.count { $0.times < GCSFault.always } } }

    /// Tokens handed out so far are good no longer.
    package func revokeTokens() { state.withLock { $0.tokens = [] } }
}

extension ScriptedGCS.State {
    mutating func store(_ name: String, _ object: ScriptedGCS.Object) {
        lastGeneration += 1
        if noncurrent != nil, let old = objects[name] { noncurrent?[name, default: []].append(old) }
        objects[name] = object
        objects[name]?.generation = lastGeneration
        if let retainedUntil { objects[name]?.retainedUntil = retainedUntil }
    }

    /// The act of the first fault for that moment, which then has happened once more.
    mutating func fault(at moment: GCSFault.Moment, where matches: (GCSFault.Act) -> Bool) -> GCSFault.Act? {
        guard let index = faults.firstIndex(where: { $0.moment == moment && matches($0.act) }) else { return nil }
        guard faults[index].skipping == 0 else {
            faults[index].skipping -= 1
            return nil
        }
        let act = faults[index].act
        if faults[index].times == GCSFault.always { return act }
        faults[index].times -= 1
        if faults[index].times == 0 { faults.remove(at: index) }
        return act
    }
}
