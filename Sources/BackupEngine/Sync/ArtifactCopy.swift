import BackupModel
import BytePipeline

/// One file from one store into another.
struct ArtifactCopy: Sendable {
    let artifact: Artifact
    let source: any BackupStore
    let target: any BackupStore
    let limit: RateLimit?
    let progress: ProgressSink

    /// - Throws: `.verificationFailed` when the source's bytes are not those of the manifest; the target then has nothing of it.
    func run() async throws {
        let file = ReadAhead(try await source.open(artifact.key))
        do {
            try await target.put(artifact.key) { sink in
                let digesting = DigestingSink(sink.limited(to: limit))
                try await file.pass(to: digesting) { progress(.advanced(bytes: $0, rows: 0, items: 0, item: artifact.key)) }
                try requireSame(digesting.summary, in: source)
            }
        } catch let error as BackupError where error.code == .targetExists {
            try await requireSame(target)
        }
    }

    /// A file that is there already, from a copy that was not ended, may stay when it is the one.
    private func requireSame(_ store: any BackupStore) async throws {
        let summary = try await ReadAhead(try await store.open(artifact.key)).summary {
            progress(.advanced(bytes: $0, rows: 0, items: 0, item: artifact.key))
        }
        try requireSame(summary, in: store)
    }

    private func requireSame(_ summary: ByteSummary, in store: any BackupStore) throws {
        guard summary != ByteSummary(bytes: artifact.bytes, sha256: artifact.sha256) else { return }
        throw BackupError(
            .verificationFailed, "\(artifact.key) in \(store.name) is not the file its manifest describes: the SHA-256 differs",
            hint: "Check it with `call-center-admin db verify-backup \(store.name)/\(artifact.key)`.",
            cause: DamagedFile(store: store.name))
    }
}

/// Whose file it is that a copy cannot be made of, or stays under.
struct DamagedFile: Error, CustomStringConvertible {
    let store: String
    /// In the words of the message it is the cause of.
    var description: String { store }
}
