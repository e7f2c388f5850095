import Dispatch
package import GRDB

/// Holds a database for its users. Whoever lets go of one last closes its file, which waits for the disk, for ever where that hangs: so this does it on a
/// thread of its own, and not where its holder happens to come to its end.
package final class HeldDatabase: Sendable {
    /// Unmanaged, as what a `deinit` finds in a property is let go of right behind it, on the same thread.
    private let reference: Unmanaged<DatabaseQueue>

    package init(_ queue: DatabaseQueue) {
        reference = .passRetained(queue)
    }

    package var queue: DatabaseQueue { reference.takeUnretainedValue() }

    // Not on a global queue, which has as many threads as there are processors: clocks go by those.
    deinit { DispatchQueue(label: "call-center-backup.close").async { [reference] in reference.release() } }
}
