package import BackupModel
import FoundationEssentials
import Glibc
import Synchronization

/// The log a run writes. Its lock falls with the process, whichever way that ends.
package final class RunLog: Sendable {
    private let path: String
    private let descriptor: Int32
    /// Whether the last line was cut short, as on a full disk: what comes next begins on a line of its own.
    private let isTorn = Mutex(false)

    /// Begins the log of a run; from the first moment it is to be seen it is locked and says what it is of.
    /// - Throws: `.outOfSpace`, `.storeFailed`.
    package init(of run: RunRecord, scope: RunScope? = nil, in logs: RunLogs) throws {
        path = logs.path(run.id)
        let hidden = "\(logs.folder)/.\(run.id).jsonl"
        for folder in [String(logs.folder.prefix(upTo: logs.folder.lastIndex(of: "/") ?? logs.folder.startIndex)), logs.folder] {
            StateFolder.make(folder)
        }
        descriptor = open(hidden, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("make", path) }
        do {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Self.failure("lock", path) }
            try write(RunLogEntry(at: run.startedAt, .opened(run, scope)))
            guard rename(hidden, path) == 0 else { throw Self.failure("make", path) }
        } catch {
            unlink(hidden)
            throw error
        }
    }

    deinit { end() }

    /// - Throws: `.outOfSpace`, `.storeFailed`; the next line may be written all the same.
    package func write(_ line: RunLogEntry) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = Array(try encoder.encode(line)) + Array("\n".utf8)
        try isTorn.withLock { isTorn in
            let bytes = (isTorn ? Array("\n".utf8) : []) + text
            errno = ENOSPC
            let count = Glibc.write(descriptor, bytes, bytes.count)
            guard count == bytes.count else {
                isTorn = isTorn || count > 0
                throw Self.failure("write", path)
            }
            isTorn = false
        }
    }

    /// Unlocked first: a program started at this moment may hold a copy of the descriptor until it has become itself.
    private func end() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func failure(_ verb: String, _ path: String) -> BackupError {
        StateFailure.of(verb, "the run's log \(path)")
    }
}
