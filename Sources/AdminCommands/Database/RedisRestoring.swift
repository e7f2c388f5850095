import BackupEngine
import BackupModel
import Redis

/// `db restore --only redis`, from the plan to the report.
struct RedisRestoring {
    let assembly: Assembly
    let options: RedisRestoreOptions
    /// Whether somebody has to say yes first.
    let asks: Bool
    let dryRun: Bool
    let output: OutputOptions

    func run(_ reference: String, _ session: Session) async throws {
        let located = try await assembly.locator.redisDump(of: reference)
        let backup = try await usable(located, session)
        backup.warnings.forEach(session.warn)
        let request = request(of: backup)
        var confirmed: RedisRestorePlan?
        if dryRun || asks {
            let plan = try await ProgressView.showing(session) {
                try await assembly.redisRestore(request, isChecked: true, progress: $0).plan()
            }
            let report = RedisRestorePlanReport(plan: plan, backup: backup)
            if dryRun { try output.renderer(session).render(report) }
            if let refusal = plan.findings.refusal { throw refusal }
            if dryRun { return }
            try confirm(report, session)
            confirmed = plan
        }
        let restored = try await ProgressView.showing(session) { [confirmed] progress in
            try await assembly.redisRestore(request, isChecked: true, progress: progress).run(confirmed: confirmed)
        }
        try output.renderer(session).render(RedisRestoreReport(restored: restored, backup: backup))
        if let counts = restored.counts, !counts.rejected.isEmpty { throw rejected(counts) }
    }

    /// The first copy that can be reached and is the file its manifest is of: nothing is touched yet.
    private func usable(_ backup: LocatedBackup, _ session: Session) async throws -> LocatedBackup {
        let copies = assembly.copiesInTurn(of: backup, remembers: !dryRun, warn: session.warn)
        return try await ProgressView.showing(session) { progress in
            try await copies.next(telling: { progress(.warning($0)) }) { copy in
                _ = try await assembly.redisRestore(request(of: copy), progress: progress)
            }
        }
    }

    private func request(of backup: LocatedBackup) -> RedisRestoreRequest {
        RedisRestoreRequest(of: backup, by: options.road, host: options.listenHost, port: options.listenPort ?? 0)
    }

    private func rejected(_ counts: KeyCounts) -> BackupError {
        let reason = counts.rejection.map { ": \($0)" } ?? ""
        return BackupError(
            .partlyDone, "the server refused \(counts.rejected.count.counted("key")) (\(counts.rejected))\(reason)",
            hint:
                "It may be of another release than the one the backup is of, or lack a module; `db show` names the server it was taken from."
        )
    }

    private func confirm(_ report: RedisRestorePlanReport, _ session: Session) throws {
        guard let ask = session.console.ask else {
            throw BackupError(.invalidUsage, "--replace has to be confirmed, and there is no terminal to ask on", hint: "Add --yes.")
        }
        session.console.note(report.text(session.console.errorStyle))
        guard ask("Type “replace” to replace all of it: ") == "replace" else {
            throw BackupError(.failed, "not confirmed; nothing was touched")
        }
    }
}
