import BackupCatalog
import BackupModel

/// A run of another process, watched through its log.
struct FollowedRun: Sendable {
    let id: String
    let logs: RunLogs
    let clock: any Clock<Duration>

    enum End: Sendable {
        case ended(RunRecord)
        /// Its process is gone and has not said how it ended.
        case died
    }

    /// What it is to be, as its log begins; nil where it has none.
    var scope: RunScope? {
        var tail = logs.tail(id)
        // One that has no log cannot be followed, whatever keeps it from having one.
        guard let first = try? tail.next().first, case .opened(_, let scope) = first.event else { return nil }
        return scope
    }

    /// Whether it has done anything: one that met another run at the lock, and takes its record back, has not.
    var hasBegun: Bool {
        var tail = logs.tail(id)
        // As above.
        let entries = (try? tail.next()) ?? []
        return entries.contains { if case .progress(.began) = $0.event { true } else { false } }
    }

    /// Tells every line of its log, those it has already and those that come, until it ends.
    /// - Parameter pause: waits until it is looked at again; throws when that has been often enough. Nil: as long as it takes.
    func end(_ told: (RunLogEntry) -> Void, pause: (() async throws -> Void)? = nil) async throws -> End {
        var tail = logs.tail(id)
        while true {
            // Asked before the log is read: what stands in it then is all there will be of a run nobody holds.
            let isAlive = isAlive
            for entry in try tail.next() {
                told(entry)
                if case .closed(let record) = entry.event { return .ended(record) }
            }
            guard isAlive else { return .died }
            if let pause { try await pause() } else { try await clock.sleep(for: .milliseconds(250)) }
        }
    }

    var isAlive: Bool { logs.holding(id) == .held }
}
