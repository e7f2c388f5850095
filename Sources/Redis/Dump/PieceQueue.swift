import BytePipeline

/// Pieces of a copy on their way from one task to another; whoever is ahead waits on a bound in bytes.
struct PieceQueue: Sendable {
    /// Enough for both sides to keep moving, whichever is late for a moment.
    private static let byteLimit = 4 << 20

    private let merge = OrderedMerge<[UInt8]>(slots: 1, byteLimit: byteLimit, headLimit: byteLimit)

    func send(_ piece: [UInt8]) async throws { try await merge.send(piece, bytes: piece.count, to: 0) }
    func finish() { merge.finish(0) }
    func fail(_ error: any Error) { merge.fail(error) }
    func next() async throws -> [UInt8]? { try await merge.next()?.element }
}
