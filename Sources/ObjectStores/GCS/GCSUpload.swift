import BackupModel
import NIOCore
import Synchronization

/// An object in the making. What fits into one piece is sent with one request at the end; a longer one through a session, piece by piece, so that
/// memory does not grow with it.
final class GCSUpload: ByteSink {
    private let client: GCSClient
    private let options: GCSOptions
    private let key: String
    private let document: GCSDocument
    private let state = Mutex(State())

    private struct State {
        /// What has not been sent: a piece that is full waits for more to come, as the last one is sent in another way.
        var piece = ByteBuffer()
        var checksum = CRC32C()
        var session: GCSSession?
        /// The only request of a small object is under way, or was: it may be there whatever came of the answer.
        var isDocumentSent = false
    }

    init(client: GCSClient, options: GCSOptions, key: String) {
        self.client = client
        self.options = options
        self.key = key
        document = GCSDocument(client: client, options: options, key: key)
    }

    func write(_ bytes: [UInt8]) async throws {
        state.withLock { $0.checksum.update(bytes) }
        var rest = bytes[...]
        while !rest.isEmpty {
            if let piece = fullPiece() {
                try await begun().send(piece)
                state.withLock { $0.piece.clear() }
            }
            rest = state.withLock { $0.piece.fill(with: rest, upTo: options.pieceSize) }
        }
    }

    /// Makes the object visible.
    /// - Throws: `.targetExists` when the key was taken meanwhile; `.storeFailed` when what arrived is not what was sent.
    func finish() async throws {
        let (rest, session, checksum) = state.withLock { ($0.piece, $0.session, $0.checksum.base64) }
        guard let session else {
            state.withLock { $0.isDocumentSent = true }
            guard try await document.store(Array(rest.readableBytesView), replacing: 0) != nil else { throw taken() }
            return
        }
        let object = try await session.finish(rest, checksum: checksum)
        try await client.verify(object, key: key, size: session.total(with: rest), checksum: checksum)
    }

    /// Takes everything back, what became visible although nobody was told so too.
    /// - Throws: when something may be visible still; what is not ends by itself.
    func abort() async throws {
        let (session, isDocumentSent) = state.withLock { ($0.session, $0.isDocumentSent) }
        try await session?.cancel()
        if isDocumentSent { try await document.takeBack() }
    }

    private func fullPiece() -> ByteBuffer? { state.withLock { $0.piece.readableBytes == options.pieceSize ? $0.piece : nil } }

    private func begun() async throws -> GCSSession {
        if let session = state.withLock({ $0.session }) { return session }
        let session = try await GCSSession.begin(client: client, options: options, key: key, mark: document.mark)
        state.withLock { $0.session = session }
        return session
    }

    private func taken() -> BackupError {
        BackupError(
            .targetExists, "\(key) is in \(client.location.name) already, and nothing is overwritten",
            hint: "Move it away if it is not wanted.")
    }
}
