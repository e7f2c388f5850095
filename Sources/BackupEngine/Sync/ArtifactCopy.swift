import BackupModel
import BytePipeline

/// One file from one store into another.
struct ArtifactCopy: Sendable {
    let artifact: Artifact
    let source: any BackupStore
    let target: any BackupStore
    let limit: RateLimit?
    let progress: ProgressSink

    private static let pieceBytes: Int64 = 4 << 20

    /// - Throws: `.verificationFailed` when the source's bytes are not those of the manifest; the target then has nothing of it.
    func run() async throws {
        let file = ReadAhead(try await source.open(artifact.key))
        do {
            try await target.put(artifact.key) { sink in
                let digesting = DigestingSink(sink.limited(to: limit))
                try await pass(file, to: digesting)
                try requireSame(digesting.summary, in: source)
            }
        } catch let error as BackupError where error.code == .targetExists {
            try await requireSame(target)
        }
    }

    private func pass(_ file: any RandomAccessBytes, to sink: any ByteSink) async throws {
        for offset in stride(from: 0, to: file.byteCount, by: Int64.Stride(Self.pieceBytes)) {
            let piece = try await file.read(at: offset, count: Int(min(Self.pieceBytes, file.byteCount - offset)))
            try await sink.write(piece)
            progress(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: artifact.key))
        }
    }

    /// A file that is there already, from a copy that was not ended, may stay when it is the one.
    private func requireSame(_ store: any BackupStore) async throws {
        let digesting = DigestingSink(Nowhere())
        try await pass(ReadAhead(try await store.open(artifact.key)), to: digesting)
        try requireSame(digesting.summary, in: store)
    }

    private func requireSame(_ summary: ByteSummary, in store: any BackupStore) throws {
        guard summary != ByteSummary(bytes: artifact.bytes, sha256: artifact.sha256) else { return }
        throw BackupError(
            .verificationFailed, "\(artifact.key) in \(store.name) is not the file its manifest describes: the SHA-256 differs",
            hint: "Check it with `call-center-admin db verify-backup`; another store's copy may be whole.")
    }

    private struct Nowhere: ByteSink {
        func write(_ bytes: [UInt8]) async throws {}
    }
}
