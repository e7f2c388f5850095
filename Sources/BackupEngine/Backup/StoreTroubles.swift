import BackupModel
import Synchronization

/// Tells the trouble with each store once in a run: one that is away fails at every step, and always for the same reason.
final class StoreTroubles: Sendable {
    private let progress: ProgressSink
    private let told = Mutex<Set<String>>([])

    init(_ progress: @escaping ProgressSink) {
        self.progress = progress
    }

    func tell(_ trouble: String, of store: String) {
        if told.withLock({ $0.insert(store).inserted }) { progress(.warning(trouble)) }
    }
}
