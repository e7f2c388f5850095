import BackupModel
import Synchronization

/// What a run has yet to write to a folder, all its files together: the run is given up when that is seen not to fit, and not only when the disk is full.
///
/// Where nothing is expected, as before the first backup, only what is there already counts.
package final class SpaceOutlook: Sendable {
    /// What could be removed: sentences, each with a space behind it.
    package typealias Advice = @Sendable () async throws -> String

    private struct State {
        var remaining: Int64 = 0
        var advice: Advice?
    }

    private let state = Mutex(State())

    package init() {}

    /// - Parameter advice: is asked when there is no room, and no sooner.
    package func expect(_ bytes: Int64, advice: @escaping Advice) {
        state.withLock { $0 = State(remaining: max(bytes, 0), advice: advice) }
    }

    /// The run has written what it will write.
    package func end() { state.withLock { $0 = State() } }

    /// Bytes that are still expected; 0 when more was written than that.
    var remaining: Int64 { state.withLock { $0.remaining } }

    /// Those are in the folder now. What shares its blocks with another file counts, too: the expectation is of whole files.
    func note(_ bytes: Int64) { state.withLock { $0.remaining = max($0.remaining - bytes, 0) } }

    /// Empty where nobody has any. That it cannot be had is said in its place: it is only the hint of a failure.
    /// - Throws: `CancellationError`: a run that is called off has not failed for want of room.
    func advice() async throws -> String {
        guard let advice = state.withLock({ $0.advice }) else { return "" }
        do { return try await advice() } catch let error as BackupError {
            try Task.checkCancellation()
            return "What could be removed is not known: \(error). "
        }
    }
}

/// Why a backup is not written any further. Nil where there is room for the rest of it. Pure.
struct SpaceTrouble: Equatable {
    /// What is with the disk.
    let what: String
    /// What shows it.
    let command: String

    /// - Parameters:
    ///   - limit: percent.
    ///   - remaining: bytes that are still expected.
    init?(_ space: LocalStore.Space, limit: Int, remaining: Int64) {
        let (used, inodes, then) = (space.percentUsed(), space.percentOfInodesUsed(), space.percentUsed(adding: remaining))
        if used > limit {
            what = "became \(used) % full while a backup was written, \(limit) % are allowed"
            command = "df -h"
        } else if inodes > limit {
            what = "became \(inodes) % full of inodes while a backup was written, \(limit) % are allowed"
            command = "df -i"
        } else if then > limit {
            what =
                "has too little room left for the rest of a backup: \(used) % full with \(ByteSize(space.freeBytes)) free; "
                + "with the \(ByteSize(remaining)) still expected \(then) %, \(limit) % are allowed"
            command = "df -h"
        } else {
            return nil
        }
    }
}
