import BackupModel

/// Gives every store that still takes part its copy of the bytes; the arrays are shared, not copied.
struct TeeSink: ByteSink {
    let branches: [TeeBranch]

    func write(_ bytes: [UInt8]) async throws { try await write(bytes, like: nil) }

    func write(_ bytes: [UInt8], like precedent: Precedent?) async throws {
        let piece = TeePiece(bytes: bytes, precedent: precedent)
        for branch in open { try await branch.take(piece, beside: open.filter { $0 !== branch }) }
        try Task.checkCancellation()
        if open.isEmpty, let first = branches.first?.dropout { throw first.error }
    }

    private var open: [TeeBranch] { branches.filter { $0.dropout == nil } }
}
