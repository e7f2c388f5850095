import BackupModel
import Crypto
import FoundationEssentials
import NIOCore
import Synchronization

/// One object on its way: whole when it is small, else in parts of a multipart upload. Nothing can be seen under the key before `finish` has ended.
final class S3Upload: Sendable {
    private let store: S3Store
    private let key: String
    /// Stands in the object's metadata, so that an answer that was lost does not leave us in doubt whose object it is.
    private let token: String
    private let queue: PartQueue
    let sink: PartFiller
    private let copies: PartCopies
    private let lost = LostBeginnings()
    private let parts = Mutex<[S3Part]>([])
    /// Of the multipart upload, once it has begun.
    private let begun = Mutex<String?>(nil)
    /// From now on something may be visible under the key.
    private let finishing = Mutex(false)

    init(_ store: S3Store, key: String, expecting bytes: Int64?) {
        self.store = store
        self.key = key
        token = S3Store.freshToken()
        let plan = PartPlan(first: store.options.partSize, expecting: bytes)
        queue = PartQueue(window: store.options.partSize * store.options.partsAtOnce)
        sink = PartFiller(plan: plan, queue: queue, key: key)
        copies = PartCopies(store, noting: lost)
    }

    /// Runs the body beside those who send what it writes, then makes the object visible. On the way out by an error nothing stays behind.
    func run<Result: Sendable>(_ body: (any ByteSink) async throws -> Result) async throws -> Result {
        let result: Result
        do { result = try await makeVisible(body) } catch { throw await takenBack(after: error) }
        await store.abortLost(key, atMost: lost.count)
        return result
    }

    private func makeVisible<Result: Sendable>(_ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<store.options.partsAtOnce { group.addTask { try await self.sendParts() } }
            let result = try await body(sink)
            try Task.checkCancellation()
            if isMultipart { try await queue.send(sink.last) }
            queue.finish()
            try await group.waitForAll()
            try await finish()
            return result
        }
    }

    private var isMultipart: Bool { sink.last.number > 1 }

    private func sendParts() async throws {
        do {
            while var item = try await queue.next() {
                if let part = try await deliver(item) { parts.withLock { $0.append(part) } }
                queue.done(&item)
            }
        } catch {
            queue.fail(error)
            throw error
        }
    }

    /// Made by the server of what it has, or else sent; nil: later.
    private func deliver(_ item: PartQueue.Item) async throws -> S3Part? {
        let upload = try await multipart().id
        switch try await copies.part(item, of: key, upload: upload) {
        case .made(let part): return part
        case .needed: return try await store.uploadPart(item, of: key, upload: upload)
        case .postponed: return nil
        }
    }

    /// Sends the parts whose copies were not answered, and those again that a copy has replaced meanwhile: each was asked for once, and can come once.
    private func sendPostponed(upload: String) async throws {
        var rest = copies.postponed
        for _ in 0..<3 where !rest.isEmpty {
            var sent: [S3Part] = []
            for item in rest { sent.append(try await store.uploadPart(item, of: key, upload: upload)) }
            let numbers = Set(sent.map(\.number))
            parts.withLock { [sent] parts in parts = parts.filter { !numbers.contains($0.number) } + sent }
            let replaced = try await store.replaced(sent, of: key, upload: upload)
            rest = rest.filter { replaced.contains($0.number) }
        }
        if !rest.isEmpty { throw store.damaged(key) }
    }

    private let creation = OnceTask<S3BegunUpload>()

    /// Begins the multipart upload with the first part that is full.
    private func multipart() async throws -> S3BegunUpload {
        try await creation.value { [self] in
            let upload = try await store.beginUpload(key, token: token, noting: lost)
            begun.withLock { $0 = upload.id }
            return upload
        }
    }

    private func finish() async throws {
        finishing.withLock { $0 = true }
        if isMultipart {
            let upload = try await multipart()
            try await sendPostponed(upload: upload.id)
            let sorted = parts.withLock { $0 }.sorted { $0.number < $1.number }
            try await store.completeUpload(key, upload: upload.id, parts: sorted, token: token)
            begun.withLock { $0 = nil }
            try await store.requireWhole(key, bytes: sink.total, announced: upload.encryption)
        } else {
            try await store.putWhole(key, sink.last.bytes, token: token)
        }
    }

    /// Removes what was sent, in a cancelled task too. The error stays the one that led here; that something could not be removed is added to it.
    /// A cancellation stays one, as callers tell it by its type, and has no room to say more; an upload it leaves is found by `removeLeftovers`.
    private func takenBack(after error: any Error) async -> any Error {
        do {
            try await uncancelled { try await self.abort() }
            return error
        } catch let second {
            guard var failure = error as? BackupError else { return error }
            failure.others.append("what was sent of \(key) to \(store.name) could not be removed: \(second)")
            return failure
        }
    }

    /// An object that may have become visible although we were told otherwise, or is not what was sent, is removed when it is ours.
    private func abort() async throws {
        await creation.settle()
        await copies.settle()
        if let id = begun.withLock({ $0 }) { try await store.abortUpload(key, upload: id) }
        if finishing.withLock({ $0 }), try await store.isOurs(key, token: token) { try await store.delete(key) }
    }
}

/// A multipart upload that has begun.
struct S3BegunUpload: Sendable {
    var id: String
    /// How the server says that it will encrypt what comes of it.
    var encryption: S3Facts.Encryption
}

/// Something asynchronous that is done once, by whoever asks first; all others wait for it.
final class OnceTask<Value: Sendable>: Sendable {
    private let task = Mutex<Task<Value, any Error>?>(nil)

    /// In a task of its own: the first who asks may be cancelled while others still wait.
    func value(_ make: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let running = task.withLock { task in
            let running = task ?? Task { try await make() }
            task = running
            return running
        }
        return try await running.value
    }

    /// Returns when nothing is under way any more.
    func settle() async { _ = await task.withLock { $0 }?.result }
}
