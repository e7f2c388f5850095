import ObjectStores
import Synchronization

/// The trials of every store, printed as they come: a store's name before the first of its own.
final class StorageVerdicts: Sendable {
    private let console: Console
    /// Whose are being printed.
    private let store = Mutex<String?>(nil)

    init(_ console: Console) {
        self.console = console
    }

    func show(_ trial: Trial, of name: String) {
        let before = store.withLock { store in
            defer { store = name }
            return store
        }
        let heading = before == name ? "" : (before == nil ? "" : "\n") + console.style.heading(name) + "\n"
        console.write(heading + StorageReport.Trial(trial).text(console.style) + "\n")
    }
}
