import BackupModel
import RDBFormat

/// Brings an RDB file back: looks first, has what is there saved, then takes one of three roads, and compares afterwards.
package struct RedisRestore: Sendable {
    private let file: RDBFile
    private let road: RestoreRoad
    private let settings: RestoreSettings
    private let safety: SafetyBackup

    /// - Parameter safety: not asked for the road into a folder, where what is there is moved aside.
    package init(of file: RDBFile, by road: RestoreRoad, settings: RestoreSettings, safety: @escaping SafetyBackup) {
        self.file = file
        self.road = road
        self.settings = settings
        self.safety = safety
    }

    /// What a restore would do and what stands in its way; nothing is touched. Reads the whole file.
    /// - Throws: `BackupError` when the file is damaged or the target cannot be reached.
    package func plan() async throws -> RedisRestorePlan {
        let summary = try await summary()
        switch road {
        case .folder(let folder): return try await FolderRestore(file: file, folder: folder, settings: settings).plan(summary)
        case .whole(let target):
            return try await WholeRestore(file: file, target: target, settings: settings, safety: safety).plan(summary)
        case .keys(let target, let selection, let replaces):
            let restore = KeyRestore(
                file: file, target: target, selection: selection, replaces: replaces, settings: settings, safety: safety)
            return try await restore.plan(summary)
        }
    }

    /// - Throws: `BackupError`. Before anything is touched its message begins with "nothing was touched"; afterwards it names what saves the former state.
    package func run() async throws -> RestoredRedis {
        let plan = try await plan()
        if let refusal = plan.findings.refusal { throw refusal }
        for finding in plan.findings { settings.progress(.warning(finding.message)) }
        switch road {
        case .folder(let folder): return try await FolderRestore(file: file, folder: folder, settings: settings).run(plan)
        case .whole(let target):
            return try await WholeRestore(file: file, target: target, settings: settings, safety: safety).run(plan)
        case .keys(let target, let selection, let replaces):
            let restore = KeyRestore(
                file: file, target: target, selection: selection, replaces: replaces, settings: settings, safety: safety)
            return try await restore.run(plan)
        }
    }

    private func summary() async throws -> RDBSummary {
        settings.progress(.began(phase: "check", totalBytes: nil, totalItems: nil))
        let summary = try await file.survey(nil, settings.progress)
        settings.progress(.ended(phase: "check"))
        return summary
    }
}
