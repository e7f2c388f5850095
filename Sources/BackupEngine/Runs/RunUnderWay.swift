import BackupCatalog
import BackupModel

/// Which run is the one that is spoken of, where several are under way.
struct RunUnderWay {
    let lock: RunLock
    let logs: RunLogs

    /// The one that holds the lock, else a backup, which checks what it wrote without it, else the newest; nil where none lives.
    /// - Parameter runs: newest first.
    func id(among runs: [RunRecord]) -> String? {
        let open = runs.filter(\.isUnderWay)
        let candidates = [lock.lastHolder()?.run].compactMap { $0 } + open.filter { $0.kind == .backup }.map(\.id) + open.map(\.id)
        return candidates.first { logs.holding($0) == .held }
    }
}
