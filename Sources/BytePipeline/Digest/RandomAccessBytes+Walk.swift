package import BackupModel

extension RandomAccessBytes {
    /// Hands everything on in order, in pieces of at most 4 MiB.
    /// - Parameter advanced: is told how many bytes each piece had.
    package func pass(to sink: any ByteSink, advanced: (Int64) -> Void = { _ in }) async throws {
        let pieceBytes: Int64 = 4 << 20
        for offset in stride(from: 0, to: byteCount, by: Int64.Stride(pieceBytes)) {
            let piece = try await read(at: offset, count: Int(min(pieceBytes, byteCount - offset)))
            try await sink.write(piece)
            advanced(Int64(piece.count))
        }
    }

    /// Reads everything, for its length and SHA-256.
    package func summary(advanced: (Int64) -> Void = { _ in }) async throws -> ByteSummary {
        let digesting = DigestingSink(Nowhere())
        try await pass(to: digesting, advanced: advanced)
        return digesting.summary
    }
}

private struct Nowhere: ByteSink {
    func write(_ bytes: [UInt8]) async throws {}
}
