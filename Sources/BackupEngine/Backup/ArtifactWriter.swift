import BackupCatalog
import BackupModel
import BytePipeline
import Synchronization

/// A file as it is stored.
struct WrittenFile: Sendable {
    let key: String
    let bytes: Int64
    let sha256: String
    let encryption: Encryption?
    /// The stores that hold it.
    let stores: [String]
}

/// Where the sources of one run write to: every store at once, under the run's rate limit, with a record of what is stored whole.
final class ArtifactWriter: Sendable {
    private let tee: Tee
    private let id: RecoveryPointID
    /// Nil for what no run lock is held for: only its holder may take back what is in the journal.
    private let journal: RunJournal?
    private let limit: RateLimit?
    /// Empty: nothing is encrypted.
    private let recipients: [AgeRecipient]
    private let written = Mutex<[Written]>([])

    private struct Written {
        let key: String
        let store: any BackupStore
    }

    init(
        _ tee: Tee, id: RecoveryPointID, journal: RunJournal?, recipients: [AgeRecipient] = [], rateLimit: ByteRate?,
        clock: any Clock<Duration>
    ) {
        self.tee = tee
        self.id = id
        self.journal = journal
        self.recipients = recipients
        limit = rateLimit.map { RateLimit($0, clock: clock) }
    }

    /// - Parameter bytes: how long the file will be about; nil: nobody knows.
    /// - Returns: what `body` returned, and the file as it is stored.
    func write<Result: Sendable>(
        _ plainKey: String, expecting bytes: Int64? = nil, _ body: (any ByteSink) async throws -> Result
    ) async throws -> (Result, WrittenFile) {
        try await store(plainKey, expecting: bytes) { try await encrypted($0, body) }
    }

    /// Stores a copy of a file of another backup as it is stored there: encrypted to the same recipients, or to nobody.
    /// - Parameter body: throws where what it wrote, which the sink has digested, is not what it should be; then nothing is stored.
    func copy(_ plainKey: String, _ body: (DigestingSink) async throws -> Void) async throws -> WrittenFile {
        try await store(plainKey, expecting: nil) { try await body($0) }.1
    }

    private func store<Result: Sendable>(
        _ plainKey: String, expecting bytes: Int64?, _ body: (DigestingSink) async throws -> Result
    ) async throws -> (Result, WrittenFile) {
        let key = recipients.isEmpty ? plainKey : ArtifactName.encrypted(plainKey)
        try note(key)
        let ((result, summary), stores) = try await tee.put(key, expecting: bytes) { file in
            let digesting = DigestingSink(file.limited(to: limit))
            let result = try await body(digesting)
            return (result, digesting.summary)
        }
        written.withLock { $0 += stores.map { Written(key: key, store: $0) } }
        let encryption = recipients.isEmpty ? nil : Encryption(recipients: recipients.map(\.fingerprint))
        return (
            result,
            WrittenFile(
                key: key, bytes: summary.bytes, sha256: summary.sha256, encryption: encryption, stores: stores.map(\.name))
        )
    }

    /// Where the disk is full there may still be buckets; only what a killed run leaves is then found later than by the next one.
    private func note(_ key: String) throws {
        do { try journal?.note(key, of: id) } catch let error as BackupError where error.code == .outOfSpace && tee.stores.count > 1 {}
    }

    private func encrypted<Result: Sendable>(
        _ sink: any ByteSink, _ body: (any ByteSink) async throws -> Result
    ) async throws -> Result {
        guard !recipients.isEmpty else { return try await body(sink) }
        let encrypting = try AgeEncryptingSink(sink, to: recipients)
        let result = try await body(encrypting)
        try await encrypting.finish()
        return result
    }

    /// Takes back what was written, also in a task that was cancelled. What cannot be deleted is told and does not hide why it was to be.
    func discard(
        where isUnwanted: (_ key: String, _ store: String) -> Bool = { _, _ in true }, telling progress: @escaping ProgressSink
    ) async {
        let files = written.withLock { written in
            defer { written.removeAll { isUnwanted($0.key, $0.store.name) } }
            return written.filter { isUnwanted($0.key, $0.store.name) }
        }
        for file in files {
            do { try await uncancelled { try await file.store.delete(file.key) } } catch {
                progress(.warning("\(file.key) could not be deleted again from \(file.store.name) and belongs to no backup: \(error)"))
            }
        }
    }
}
