import BackupEngine
import BackupModel
import Postgres

/// A restored database as it is printed.
struct RestoreReport: Report {
    var restored: RestoredDatabase
    let backup: LocatedBackup

    func encode(to encoder: any Encoder) throws { try restored.encode(to: encoder) }

    func text(_ style: TextStyle) -> String {
        var lines = ["\(style.good("Restored")) \(backup.path) into the database \(style.heading(restored.database))"]
        if let contents = restored.contents { lines += describe(contents) }
        if let kept = restored.keptAs { lines.append("  what was there before is kept as \(kept), until somebody drops it") }
        return lines.joined(separator: "\n")
    }

    private func describe(_ contents: RestoredContents) -> [String] {
        let proof = contents.isReadBack ? "the rows read back from the server" : "the rows sent to the server"
        return [
            "  \(contents.tables.count.counted("table")), \(contents.rows.counted("row")), \(ByteSize(contents.bytes)) of text",
            "  \(contents.builds.counted("index or constraint", "indexes and constraints")), \(contents.foreignKeys.counted("foreign key"))",
            "  row count and digest of every table are the backup's, for \(proof)",
        ] + contents.notes.map { "  note: \($0)" }
    }
}

/// A restore that was only planned.
struct RestorePlanReport: Report {
    var plan: RestorePlan
    let backup: LocatedBackup

    func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    func text(_ style: TextStyle) -> String {
        var lines = ["Restore of \(plan.source ?? "a dump that names no database") into the database \(style.heading(plan.database))"]
        if let takenAt = plan.takenAt.flatMap(Instant.init(iso8601:)) {
            lines.append("  taken \(takenAt.display)\(plan.serverVersion.map { " from PostgreSQL \($0)" } ?? "")")
        }
        if let tables = plan.tables {
            lines.append("  \(tables.counted("table")), \((plan.rows ?? 0).counted("row")), \(ByteSize(plan.bytes ?? 0)) of text")
        }
        if let size = plan.estimatedBytes { lines.append("  about \(ByteSize(size)) on the server") }
        lines.append("  \(plan.jobs.counted("connection"))")
        if let kept = plan.keptAs { lines.append("  what is there now will be kept as \(kept)") }
        lines += plan.findings.map { finding in
            let word = finding.severity == .refusal ? style.alarm("refused") : style.doubtful("warning")
            return "  \(word): \(finding.message)"
        }
        lines.append(
            "  the rows in the file were not read; check them with: call-center-admin db verify-backup \(Shell.quoted(backup.path))")
        lines.append(plan.isPossible ? "  nothing stands in its way" : "  it would not be begun")
        return lines.joined(separator: "\n")
    }
}
