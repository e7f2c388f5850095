import BackupCatalog
import BackupModel
import BackupReports

extension Examination {
    /// Runs that have not ended, and live.
    var underWay: [RunRecord] {
        guard let service else { return [] }
        // One whose process died on another machine is never found dead here.
        let bound = now + .seconds(-7 * 86_400)
        return (service.current.map { [$0.record] } ?? []) + service.runs.filter { $0.isUnderWay && $0.startedAt > bound }
    }

    /// Whether a file may be of a run under way, which writes its manifest last.
    func isUnderWay(_ file: StoredObject) -> Bool {
        let id = ArtifactName.recoveryPointID(file.key)
        return underWay.contains { run in
            file.modifiedAt >= run.startedAt || id.map { $0 == run.point || $0 >= RecoveryPointID(at: run.startedAt) } ?? false
        }
    }
}
