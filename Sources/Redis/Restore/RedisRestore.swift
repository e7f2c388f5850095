import BackupModel
import RDBFormat

/// Brings an RDB file back: looks first, has what is there saved, then takes one of three roads, and compares afterwards.
package struct RedisRestore: Sendable {
    private let file: RDBFile
    private let settings: RestoreSettings
    private let procedure: any RestoreProcedure

    /// - Parameter safety: not asked for the road into a folder, where what is there is moved aside.
    package init(of file: RDBFile, by road: RestoreRoad, settings: RestoreSettings, safety: @escaping SafetyBackup) {
        self.file = file
        self.settings = settings
        procedure =
            switch road {
            case .folder(let folder): FolderRestore(file: file, folder: folder, settings: settings)
            case .whole(let target): WholeRestore(file: file, target: target, settings: settings, safety: safety)
            case .keys(let target, let selection, let replaces):
                KeyRestore(file: file, target: target, selection: selection, replaces: replaces, settings: settings, safety: safety)
            }
    }

    /// What a restore would do and what stands in its way; nothing is touched. Reads the whole file.
    /// - Throws: `BackupError` when the file is damaged or the target cannot be reached.
    package func plan() async throws -> RedisRestorePlan { try await procedure.plan(try await summary()) }

    /// - Parameter confirmed: a plan somebody has agreed to. The target is looked at once more, the file is not read again for it.
    /// - Throws: `BackupError`. Before anything is touched its message begins with "nothing was touched"; afterwards it names what saves the former state.
    package func run(confirmed: RedisRestorePlan? = nil) async throws -> RestoredRedis {
        let summary = if let confirmed { confirmed.summary } else { try await summary() }
        let plan = try await procedure.plan(summary)
        if let refusal = plan.findings.refusal { throw refusal }
        for finding in plan.findings { settings.progress(.warning(finding.message)) }
        return try await procedure.run(plan)
    }

    private func summary() async throws -> RDBSummary {
        settings.progress(.began(phase: "check", totalBytes: nil, totalItems: nil))
        let summary = try await file.survey(nil, settings.progress)
        settings.progress(.ended(phase: "check"))
        return summary
    }
}

/// One of the roads.
protocol RestoreProcedure: Sendable {
    /// Touches nothing.
    func plan(_ summary: RDBSummary) async throws -> RedisRestorePlan
    /// Does what was planned, without another question.
    func run(_ plan: RedisRestorePlan) async throws -> RestoredRedis
}
