import BackupModel
import NIOCore
import NIOHTTP1
import Synchronization

/// A resumable upload ("Perform resumable uploads" of Google's documentation): pieces at their offsets, and after a fault the server is asked
/// what it has, and the rest is sent. Used by one writer.
final class GCSSession: Sendable {
    private let client: GCSClient
    private let key: String
    private let mark: String
    /// The address of the session; who knows it may write to it.
    private let url: Secret
    private let state = Mutex(State())

    private struct State {
        /// Bytes the server has for certain.
        var stored: Int64 = 0
        /// The last piece has been sent at least once, so the object may be there.
        var mayBeWhole = false
    }

    private init(client: GCSClient, key: String, mark: String, url: Secret) {
        self.client = client
        self.key = key
        self.mark = mark
        self.url = url
    }

    /// - Throws: `.targetExists` when the key is taken.
    static func begin(client: GCSClient, options: GCSOptions, key: String, mark: String) async throws -> GCSSession {
        let object = GCSNewObject(name: client.location.objectName(key), upload: mark, storageClass: options.storageClass)
        let call = HTTPCall(
            .POST, client.location.upload(options.query("resumable", generation: 0)),
            headers: ["Content-Type": "application/json; charset=UTF-8", "X-Upload-Content-Type": object.contentType],
            body: ByteBuffer(bytes: try object.json()))
        let answer = try await client.send(.create(key), call)
        guard answer.isSuccess else { throw await client.error(of: answer, .create(key)) }
        guard let url = answer.headers.first(name: "location"), url.hasPrefix("http") else {
            throw BackupError(.storeFailed, "\(client.location.name) began an upload of \(key) and named no address for it")
        }
        return GCSSession(client: client, key: key, mark: mark, url: Secret(url))
    }

    /// Returns when the server has all of the piece.
    func send(_ piece: [UInt8]) async throws {
        guard try await deliver(piece, total: nil, checksum: nil) == nil else {
            throw failure("Cloud Storage ended it before its last piece")
        }
    }

    /// Sends the last piece, which makes the object.
    func finish(_ piece: [UInt8], checksum: String) async throws -> GCSObject {
        let total = total(with: piece)
        state.withLock { $0.mayBeWhole = true }
        guard let object = try await deliver(piece, total: total, checksum: checksum) else {
            throw failure("Cloud Storage has all of it, and made no object of it")
        }
        return object
    }

    func total(with piece: [UInt8]) -> Int64 { state.withLock { $0.stored } + Int64(piece.count) }

    /// Tells the server that nothing more will come.
    /// - Returns: the status of its answer: 499 by the documentation.
    func end() async throws -> Int { try await client.send(.create(key), HTTPCall(.DELETE, url.reveal())).status }

    /// Ends the session, and removes the object where its last piece had arrived after all. What cannot be said to the server now ends by itself
    /// in a week, costs nothing and is never visible.
    func cancel() async {
        _ = try? await client.transport.send(HTTPCall(.DELETE, url.reveal()))
        guard state.withLock({ $0.mayBeWhole }), let object = try? await client.facts(key), object.upload == mark else { return }
        try? await client.delete(key, generation: object.generation)
    }
}

extension GCSSession {
    /// - Returns: the object when this was the last piece.
    private func deliver(_ piece: [UInt8], total: Int64?, checksum: String?) async throws -> GCSObject? {
        let begin = state.withLock { $0.stored }
        let end = begin + Int64(piece.count)
        let object = try await client.retrier.run { failures -> Retrier.Attempt<GCSObject?> in
            // After a fault nobody knows what arrived; before the first attempt it is known.
            if failures > 0 {
                switch try await step(call([], at: 0, total: total, checksum: checksum), from: begin, to: end) {
                case .whole(let object): return .done(object)
                case .stored where self.stored == end && total == nil: return .done(nil)
                case .stored: break
                case .fault(let reason, let error): return .failed(reason, error)
                }
            }
            while true {
                let offset = self.stored
                let rest = piece[Int(offset - begin)...]
                switch try await step(call(rest, at: offset, total: total, checksum: checksum), from: begin, to: end) {
                case .whole(let object): return .done(object)
                case .stored where self.stored == end: return total == nil ? .done(nil) : .failed(.transient, failure("it does not end"))
                case .stored where self.stored > offset: continue
                case .stored: return .failed(.transient, failure("Cloud Storage takes no more of it"))
                case .fault(let reason, let error): return .failed(reason, error)
                }
            }
        }
        return object
    }

    private var stored: Int64 { state.withLock { $0.stored } }

    private enum Step {
        case whole(GCSObject)
        /// `stored` says how much.
        case stored
        case fault(RetryReason, any Error)
    }

    /// One request to the session and what its answer means.
    private func step(_ call: HTTPCall, from begin: Int64, to end: Int64) async throws -> Step {
        let answer: HTTPAnswer
        switch try await client.attempt(.create(key), call) {
        case .failed(let reason, let error): return .fault(reason, error)
        case .done(let done): answer = done
        }
        switch answer.status {
        case 200, 201: return .whole(try answer.decoded(as: GCSObject.self, from: client.location.name))
        case 308: return try note(answer, begin, end)
        case 404, 410, 412: return .whole(try await ourObject(answer))
        default: throw await client.error(of: answer, .create(key))
        }
    }

    private func note(_ answer: HTTPAnswer, _ begin: Int64, _ end: Int64) throws -> Step {
        guard let now = UploadProgress.stored(answer.headers), now <= end else {
            throw failure("Cloud Storage says it has \(answer.headers.first(name: "range") ?? "nothing"), which was never sent")
        }
        guard now >= begin, now >= stored else {
            throw failure("Cloud Storage lost what it had: \(now.counted("byte")) are left of \(stored.grouped)")
        }
        state.withLock { $0.stored = now }
        return .stored
    }

    /// The session is gone, or its precondition does not hold any more: because the object was made and the answer lost, or not.
    private func ourObject(_ answer: HTTPAnswer) async throws -> GCSObject {
        let mayBeWhole = state.withLock { $0.mayBeWhole }
        if mayBeWhole, let object = try await client.facts(key), object.upload == mark { return object }
        guard answer.status != 412 else { throw await client.error(of: answer, .create(key)) }
        throw failure("its session is gone (status \(answer.status))")
    }

    private func call(_ bytes: ArraySlice<UInt8>, at offset: Int64, total: Int64?, checksum: String?) -> HTTPCall {
        var headers: HTTPHeaders = ["Content-Range": UploadProgress.range(at: offset, count: bytes.count, total: total)]
        // With the last piece the server compares it, and makes no object when it differs.
        if let checksum { headers.add(name: "X-Goog-Hash", value: "crc32c=\(checksum)") }
        return HTTPCall(.PUT, url.reveal(), headers: headers, body: ByteBuffer(bytes: bytes))
    }

    private func failure(_ why: String) -> BackupError {
        BackupError(
            .storeFailed, "the upload of \(key) to \(client.location.name) failed: \(why)",
            hint: "Run the backup again; nothing of this attempt is visible.")
    }
}
