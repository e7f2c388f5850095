import BackupCatalog
import BackupModel
import BytePipeline
import Synchronization

/// Where the sources of one run write to: the store, under the run's rate limit, with a record of what is stored whole.
final class ArtifactWriter: Sendable {
    private let store: any BackupStore
    private let limit: RateLimit?
    private let written = Mutex<[String]>([])

    init(store: any BackupStore, rateLimit: ByteRate?, clock: any Clock<Duration>) {
        self.store = store
        limit = rateLimit.map { RateLimit($0, clock: clock) }
    }

    /// - Returns: what `body` returned, and length and digest of what it wrote.
    func write<Result: Sendable>(
        _ key: String, _ body: (any ByteSink) async throws -> Result
    ) async throws -> (Result, ByteSummary) {
        let result = try await store.put(key) { file in
            let digesting = DigestingSink(file.limited(to: limit))
            let result = try await body(digesting)
            return (result, digesting.summary)
        }
        written.withLock { $0.append(key) }
        return result
    }

    /// Takes back what was written, also in a task that was cancelled. What cannot be deleted is told and does not hide why it was to be.
    func discard(where isUnwanted: (String) -> Bool = { _ in true }, telling progress: @escaping ProgressSink) async {
        let keys = written.withLock { written in
            defer { written.removeAll(where: isUnwanted) }
            return written.filter(isUnwanted)
        }
        for key in keys {
            do { try await uncancelled { [store] in try await store.delete(key) } } catch {
                progress(.warning("\(key) could not be deleted again and belongs to no backup: \(error)"))
            }
        }
    }
}
