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
    func send(_ piece: ByteBuffer) async throws {
        guard try await deliver(Piece(bytes: piece, begin: stored)) == nil else {
            throw failure("Cloud Storage ended it before its last piece")
        }
    }

    /// Sends the last piece, which makes the object.
    func finish(_ piece: ByteBuffer, checksum: String) async throws -> GCSObject {
        let total = total(with: piece)
        state.withLock { $0.mayBeWhole = true }
        guard let object = try await deliver(Piece(bytes: piece, begin: stored, total: total, checksum: checksum)) else {
            throw failure("Cloud Storage has all of it, and made no object of it")
        }
        return object
    }

    func total(with piece: ByteBuffer) -> Int64 { state.withLock { $0.stored } + Int64(piece.readableBytes) }

    /// Tells the server that nothing more will come.
    /// - Returns: the status of its answer: 499 by the documentation.
    func end() async throws -> Int { try await client.send(.create(key), HTTPCall(.DELETE, url.reveal())).status }

    /// Whether the server would take more of it; some that are asked make an object of what they have.
    func goesOn() async throws -> Bool {
        let question = HTTPCall(.PUT, url.reveal(), headers: ["Content-Range": UploadProgress.range(at: 0, count: 0, total: nil)])
        return [200, 201, 308].contains(try await client.send(.create(key), question).status)
    }

    /// Ends the session, and removes the object where its last piece had arrived after all. What cannot be said to the server now ends by itself
    /// in a week, costs nothing and is never visible.
    /// - Throws: when the object may be there, and cannot be looked for or removed.
    func cancel() async throws {
        _ = try? await client.transport.send(HTTPCall(.DELETE, url.reveal()))
        if state.withLock({ $0.mayBeWhole }) { try await client.remove(key, madeBy: mark) }
    }
}

extension GCSSession {
    private struct Piece {
        var bytes: ByteBuffer
        /// Where it stands in the object.
        var begin: Int64
        /// Of the whole object; known with the last piece, as is the checksum.
        var total: Int64?
        var checksum: String?

        var end: Int64 { begin + Int64(bytes.readableBytes) }

        /// What follows a place in the object, not copied.
        func bytes(from offset: Int64) -> ByteBuffer {
            var rest = bytes
            rest.moveReaderIndex(forwardBy: Int(offset - begin))
            return rest
        }
    }

    /// - Returns: the object when this was the last piece.
    private func deliver(_ piece: Piece) async throws -> GCSObject? {
        try await client.retrier.run { failures in
            // After a fault nobody knows what arrived; before the first attempt it is known.
            if failures > 0, let ended = try await ask(about: piece) { return ended }
            return try await push(piece)
        }
    }

    /// Asks what the server has; nil when there is more to send.
    private func ask(about piece: Piece) async throws -> Retrier.Attempt<GCSObject?>? {
        switch try await step(call(ByteBuffer(), of: piece, at: stored), piece) {
        case .whole(let object): .done(object)
        case .stored: stored == piece.end && piece.total == nil ? .done(nil) : nil
        case .fault(let reason, let error): .failed(reason, error)
        }
    }

    /// Sends what is missing of the piece for as long as the server takes more of it.
    private func push(_ piece: Piece) async throws -> Retrier.Attempt<GCSObject?> {
        while true {
            let offset = stored
            switch try await step(call(piece.bytes(from: offset), of: piece, at: offset), piece) {
            case .whole(let object): return .done(object)
            case .fault(let reason, let error): return .failed(reason, error)
            case .stored where stored == piece.end && piece.total == nil: return .done(nil)
            case .stored where stored > offset && stored < piece.end: continue
            case .stored: return .failed(.transient, failure("Cloud Storage takes no more of it"))
            }
        }
    }

    private var stored: Int64 { state.withLock { $0.stored } }

    private enum Step {
        case whole(GCSObject)
        /// `stored` says how much.
        case stored
        case fault(RetryReason, any Error)
    }

    /// One request to the session and what its answer means.
    private func step(_ call: HTTPCall, _ piece: Piece) async throws -> Step {
        let answer: HTTPAnswer
        switch try await client.attempt(.create(key), call) {
        case .failed(let reason, let error): return .fault(reason, error)
        case .done(let done): answer = done
        }
        switch answer.status {
        case 200, 201: return .whole(try answer.decoded(as: GCSObject.self, from: client.location.name))
        case 308: return try note(answer, piece)
        case 404, 410, 412: return .whole(try await ourObject(answer))
        default: throw await client.error(of: answer, .create(key))
        }
    }

    private func note(_ answer: HTTPAnswer, _ piece: Piece) throws -> Step {
        guard let now = UploadProgress.stored(answer.headers), now <= piece.end else {
            throw failure("Cloud Storage says it has \(answer.headers.first(name: "range") ?? "nothing"), which was never sent")
        }
        guard now >= stored else {
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

    private func call(_ bytes: ByteBuffer, of piece: Piece, at offset: Int64) -> HTTPCall {
        var headers: HTTPHeaders = ["Content-Range": UploadProgress.range(at: offset, count: bytes.readableBytes, total: piece.total)]
        // With the last piece the server compares it, and makes no object when it differs.
        if let checksum = piece.checksum { headers.add(name: "X-Goog-Hash", value: "crc32c=\(checksum)") }
        return HTTPCall(.PUT, url.reveal(), headers: headers, body: bytes)
    }

    private func failure(_ why: String) -> BackupError {
        BackupError(
            .storeFailed, "the upload of \(key) to \(client.location.name) failed: \(why)",
            hint: "Run the backup again; nothing of this attempt is visible.")
    }
}
