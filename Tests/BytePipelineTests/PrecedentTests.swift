import BackupModel
import BackupTestKit
import BytePipeline
import Synchronization
import Testing

@Suite("Where bytes may stand already")
struct PrecedentTests {
    private static let pieces = [
        Piece(bytes: [1], precedent: nil), Piece(bytes: [2, 3], precedent: Precedent(key: "first", offset: 5)),
        Piece(bytes: [4], precedent: Precedent(key: "first", offset: 7)), Piece(bytes: [5], precedent: nil),
    ]

    @Test("Every store is told, through all that passes bytes on as they are")
    func told() async throws {
        let stores = [TellingStore("one"), TellingStore("two")]
        let limit = RateLimit(ByteRate(bytesPerSecond: 1_000_000), clock: SteppingClock())
        _ = try await Tee(stores: stores).put("second") { file in
            let sink = DigestingSink(file.limited(to: limit))
            for piece in Self.pieces { try await sink.write(piece.bytes, like: piece.precedent) }
        }
        for store in stores { #expect(store.sink.pieces == Self.pieces) }
    }

    @Test("What is encrypted stands nowhere")
    func encrypted() async throws {
        let end = TellingSink()
        let sink = try AgeEncryptingSink(end, to: [AgeIdentity().recipient])
        for piece in Self.pieces { try await sink.write(piece.bytes, like: piece.precedent) }
        try await sink.finish()
        #expect(!end.pieces.isEmpty && end.pieces.allSatisfy { $0.precedent == nil })
    }
}

private struct Piece: Sendable, Equatable {
    let bytes: [UInt8]
    let precedent: Precedent?
}

/// Keeps what it is given and told.
private final class TellingSink: ByteSink {
    private let taken = Mutex<[Piece]>([])

    var pieces: [Piece] { taken.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws { try await write(bytes, like: nil) }

    func write(_ bytes: [UInt8], like precedent: Precedent?) async throws {
        taken.withLock { $0.append(Piece(bytes: bytes, precedent: precedent)) }
    }
}

private struct TellingStore: BackupStore {
    let name: String
    let sink = TellingSink()

    init(_ name: String) { self.name = name }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await body(sink)
    }
    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {}
    func open(_ key: String) async throws -> any RandomAccessBytes { throw BackupError(.artifactMissing, "nothing can be read here") }
    func list() async throws -> [StoredObject] { [] }
    func delete(_ key: String) async throws {}
}
