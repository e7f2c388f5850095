import BackupModel
import BytePipeline

/// The SHA-256 of a whole file against the one its manifest has.
enum FileDigest {
    case notKnown
    case equal
    case different(String)

    private static let pieceBytes: Int64 = 4 << 20

    @concurrent
    static func check(_ file: any RandomAccessBytes, expected: String?) async throws -> FileDigest {
        guard let expected else { return .notKnown }
        let digest = DigestingSink(Nowhere())
        for offset in stride(from: 0, to: file.byteCount, by: Int64.Stride(pieceBytes)) {
            let count = min(pieceBytes, file.byteCount - offset)
            try await digest.write(try await file.read(at: offset, count: Int(count)))
        }
        let found = digest.summary.sha256
        return found == expected.lowercased() ? .equal : .different(found)
    }

    private struct Nowhere: ByteSink {
        func write(_ bytes: [UInt8]) async throws {}
    }
}
