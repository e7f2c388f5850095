import BackupModel
import BytePipeline
import DumpFormat

/// The file a copy becomes.
struct CopyFile: Sendable {
    let form: RedisDumpRequest.Form
    let sink: any ByteSink

    /// Compressed bytes are gathered to this size before the sink is troubled with them.
    private static let blockBytes = 256 << 10

    /// Writes all pieces.
    /// - Returns: what the sink has taken.
    func write(_ pieces: PieceQueue) async throws -> ByteSummary {
        let digesting = DigestingSink(sink)
        switch form {
        case .plain: while let piece = try await pieces.next() { try await digesting.write(piece) }
        case .gzip: try await compress(pieces, into: digesting)
        }
        return digesting.summary
    }

    private func compress(_ pieces: PieceQueue, into sink: DigestingSink) async throws {
        let compressor = GzipCompressor()
        var block: [UInt8] = []
        while let piece = try await pieces.next() {
            block += try compressor.compress(piece)
            guard block.count >= Self.blockBytes else { continue }
            try await sink.write(block)
            block.removeAll(keepingCapacity: true)
        }
        block += try compressor.finish()
        try await sink.write(block)
    }
}
