import BackupEngine
import BackupModel
import Redis

/// A restore of Redis that was only planned.
struct RedisRestorePlanReport: Report {
    let plan: RedisRestorePlan
    let backup: LocatedBackup

    func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    func text(_ style: TextStyle) -> String {
        var lines = ["Restore of \(backup.path) into \(style.heading(plan.target))", "  \(plan.keys.counted("key")), \(road)"]
        if let there = plan.keysThere { lines.append("  there now: \(there.counted("key")), which will be saved first") }
        lines += plan.movedAside.sorted { $0.key < $1.key }.map { "  \($0.key) will be kept as \($0.value)" }
        lines += plan.findings.map { finding in
            "  \(finding.severity == .refusal ? style.alarm("refused") : style.doubtful("warning")): \(finding.message)"
        }
        lines.append(plan.isPossible ? "  nothing stands in its way" : "  it would not be begun")
        return lines.joined(separator: "\n")
    }

    private var road: String {
        switch plan.road {
        case .folder: "as files for a server that is started afterwards"
        case .whole: "in place of all that is there"
        case .keys: "beside what else is there"
        }
    }
}

/// A restored Redis as it is printed.
struct RedisRestoreReport: Report {
    let restored: RestoredRedis
    let backup: LocatedBackup

    func encode(to encoder: any Encoder) throws { try restored.encode(to: encoder) }

    func text(_ style: TextStyle) -> String {
        var lines = ["\(style.good("Restored")) \(backup.path) into \(style.heading(restored.target))"]
        lines.append("  \(restored.keys.counted("key")), \(ByteSize(restored.bytes)) expanded")
        if let counts = restored.counts { lines += describe(counts) }
        if restored.isReadBack { lines.append("  read back from the server: \(proof)") }
        if let safety = restored.safetyBackup { lines.append("  what was there before is kept in \(safety)") }
        lines += restored.nextSteps.map { "  next: \($0)" }
        return lines.joined(separator: "\n")
    }

    private var proof: String {
        restored.comparedStride == 1
            ? "the restored keys, their values and expiries are those of the file"
            : "of every \(restored.comparedStride) keys one was compared, and is that of the file"
    }

    private func describe(_ counts: KeyCounts) -> [String] {
        var lines = ["  restored \(counts.restored.grouped)"]
        if counts.skipped > 0 { lines.append("  left alone, as they are there: \(counts.skipped.grouped) (--replace-keys replaces them)") }
        if counts.expired > 0 { lines.append("  not brought back, as their time is over: \(counts.expired.grouped)") }
        if let rejection = counts.rejection { lines.append("  refused by the server: \(rejection)") }
        return lines
    }
}
