import BackupCatalog
import BackupModel

/// What the log of a run that failed has to say beside the failure itself.
enum LastWords {
    /// As many are told; what comes last is nearest to the failure.
    private static let count = 3

    /// - Parameter usual: one that went well: what that said too has nothing to do with it.
    static func of(_ run: RunRecord, after usual: RunRecord?, in logs: RunLogs) -> [String] {
        let entries = entries(of: run, in: logs)
        let known = Set(usual.map { said(self.entries(of: $0, in: logs)) } ?? [])
        let others = said(entries).filter { $0 != run.failure?.message && !known.contains($0) }.withoutRepetitions.suffix(count)
        return Array(others) + [run.finishedAt == nil ? phase(entries).map { "it ends in “\($0)”" } : nil].compactMap { $0 }
    }

    /// A log that is gone says nothing, and nobody fails for it.
    private static func entries(of run: RunRecord, in logs: RunLogs) -> [RunLogEntry] {
        var tail = logs.tail(run.id)
        return (try? tail.next()) ?? []
    }

    private static func said(_ entries: [RunLogEntry]) -> [String] {
        entries.compactMap { entry in
            switch entry.event {
            case .error(let failure): failure.message
            case .progress(.warning(let text)): text
            case .opened, .progress, .closed: nil
            }
        }
    }

    /// Of a run that died: what it was at.
    private static func phase(_ entries: [RunLogEntry]) -> String? {
        entries.lazy.reversed().compactMap { entry -> String? in
            if case .progress(.began(let phase, _, _)) = entry.event { phase } else { nil }
        }.first
    }
}
