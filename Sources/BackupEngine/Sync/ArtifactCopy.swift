import BackupModel
import BytePipeline

/// One file from one store into another.
struct ArtifactCopy: Sendable {
    let artifact: Artifact
    let source: any BackupStore
    let target: any BackupStore
    let limit: RateLimit?
    let progress: ProgressSink

    /// - Throws: with a `FileFault` as its cause when the source's bytes are not those of the manifest, or gone, and the target then has nothing of it;
    ///   also for another file that the target has under that name.
    func run() async throws {
        let stored = try await open()
        do {
            if try await share(stored) { return }
            let file = ReadAhead(stored)
            try await target.put(artifact.key, expecting: artifact.bytes) { sink in
                let digesting = DigestingSink(sink.limited(to: limit))
                try await file.pass(to: digesting) { progress(.advanced(bytes: $0, rows: 0, items: 0, item: artifact.key)) }
                try requireSame(digesting.summary, in: source)
            }
        } catch let error as BackupError where error.code == .targetExists {
            try await requireSame(target)
        }
    }

    /// From folder to folder of one file system the copy takes no room where files can share theirs; what it holds is read all the same.
    private func share(_ file: any RandomAccessBytes) async throws -> Bool {
        guard let target = target as? any SharingStore else { return false }
        return try await target.share(file, as: artifact.key) { try requireSame(try await summary(of: $0), in: source) }
    }

    private func summary(of file: any RandomAccessBytes) async throws -> ByteSummary {
        try await ReadAhead(file).summary { progress(.advanced(bytes: $0, rows: 0, items: 0, item: artifact.key)) }
    }

    private func open() async throws -> any RandomAccessBytes {
        do { return try await source.open(artifact.key) } catch let error as BackupError where error.code == .artifactMissing {
            throw BackupError(error.code, error.message, hint: error.hint, cause: FileFault(store: source.name))
        }
    }

    /// A file that is there already, from a copy that was not ended, may stay when it is the one.
    private func requireSame(_ store: any BackupStore) async throws {
        try requireSame(try await summary(of: try await store.open(artifact.key)), in: store)
    }

    private func requireSame(_ summary: ByteSummary, in store: any BackupStore) throws {
        guard summary != ByteSummary(bytes: artifact.bytes, sha256: artifact.sha256) else { return }
        throw BackupError(
            .verificationFailed, "\(artifact.key) in \(store.name) is not the file its manifest describes: the SHA-256 differs",
            hint: "Check it with `call-center-admin db verify-backup \(Shell.quoted("\(store.name)/\(artifact.key)"))`.",
            cause: FileFault(store: store.name))
    }
}

/// Whose file it is that a copy cannot be made of, or stays under.
struct FileFault: Error, CustomStringConvertible {
    let store: String
    /// In the words of the message it is the cause of.
    var description: String { store }
}
