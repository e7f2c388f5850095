import BackupModel
import CLibPQ
import Glibc

/// Waiting for the server's bytes without being deaf: every quarter second the wait looks whether it was cancelled or has lasted too long.
struct ConnectionWait {
    private static let slice: Int32 = 250

    let socket: Int32
    let isCancelled: () -> Bool

    /// Waits until the socket is ready for one of `events` (poll's flags).
    /// - Parameter limit: after that long without readiness the connection counts as stalled; nil waits for ever.
    func until(_ events: Int32, limit: Duration?, doing: @autoclosure () -> String) throws {
        let start = ContinuousClock.now
        while true {
            if isCancelled() { throw CancellationError() }
            if try isReady(events) { return }
            if let limit, start.duration(to: .now) > limit { throw stalled(after: limit, doing()) }
        }
    }

    private func isReady(_ events: Int32) throws -> Bool {
        var entry = pollfd(fd: socket, events: Int16(events), revents: 0)
        let count = poll(&entry, 1, Self.slice)
        if count < 0, errno != EINTR { throw BackupError(.sourceUnreachable, "the connection to PostgreSQL is gone") }
        return count > 0
    }

    private func stalled(after limit: Duration, _ doing: String) -> BackupError {
        BackupError(
            .stalled,
            "no byte from PostgreSQL for \(limit.components.seconds) s while \(doing)",
            hint: "Look at pg_stat_activity for what the server waits on; BACKUP_STALL_TIMEOUT sets the limit."
        )
    }
}
