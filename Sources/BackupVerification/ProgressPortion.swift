import BackupModel
import Synchronization

/// Passes progress on so that its bytes come to exactly the whole that was announced: what is read twice counts once, and what nobody had to
/// read counts at the end.
final class ProgressPortion: Sendable {
    private let rest: Mutex<Int64>
    private let progress: ProgressSink

    init(of bytes: Int64, _ progress: @escaping ProgressSink) {
        rest = Mutex(bytes)
        self.progress = progress
    }

    func take(_ event: ProgressEvent) {
        guard case .advanced(let bytes, let rows, let items, let item) = event else { return progress(event) }
        progress(.advanced(bytes: counted(bytes), rows: rows, items: items, item: item))
    }

    func finish() {
        progress(.advanced(bytes: counted(.max), rows: 0, items: 0, item: nil))
    }

    private func counted(_ bytes: Int64) -> Int64 {
        rest.withLock { rest in
            let counted = min(bytes, rest)
            rest -= counted
            return counted
        }
    }
}
