import BackupEngine
import BackupModel
import BackupVerification

/// Verdicts as they are printed.
struct VerdictReport: Report {
    var files: [FileVerdict]

    private enum CodingKeys: CodingKey { case files, passed }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(files, forKey: .files)
        try fields.encode(files.allSatisfy(\.verdict.passed), forKey: .passed)
    }

    func text(_ style: TextStyle) -> String {
        files.map { file in
            let verdict = file.verdict
            let level = verdict.level.rawValue + (verdict.isPartial ? ", of a part" : "")
            let head = ["\(style.heading(file.path)): \(word(verdict, style)) (\(level))", "  \(summary(verdict))"]
            return
                (head + durations(verdict) + list("found", verdict.findings.map(\.description)) + list("proved", verdict.proved)
                + list("not proved", verdict.leftOpen) + (verdict.keptScratch.map { ["  kept for a look: \($0)"] } ?? []))
                .joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// Only what was restored as a whole, and compared, is verified.
    private func word(_ verdict: Verdict, _ style: TextStyle) -> String {
        guard verdict.passed else { return style.alarm("NOT VERIFIED") }
        guard verdict.level == .restore, !verdict.isPartial else { return style.good("checked") }
        return style.good(verdict.kind.holdsDigests ? "verified" : "restored")
    }

    private func summary(_ verdict: Verdict) -> String {
        var parts = [verdict.kind.description, "\(ByteSize(verdict.bytes))"]
        if let tables = verdict.tables { parts.append(tables.counted("table")) }
        // Nobody has counted them then.
        let source = verdict.kind == .segmented && verdict.level == .quick ? " by its index" : ""
        if let rows = verdict.rows { parts.append(rows.counted("row") + source) }
        if let keys = verdict.keys { parts.append(keys.counted("key")) }
        if verdict.textBytes > 0 {
            parts.append("\(ByteSize(verdict.textBytes)) \(verdict.kind == .gzipRDB || verdict.kind == .rdb ? "expanded" : "of text")")
        }
        return parts.joined(separator: ", ") + ", in \(Duration.seconds(verdict.seconds).precisely)"
    }

    /// The recovery time first: it is what somebody asks at night.
    private func durations(_ verdict: Verdict) -> [String] {
        guard let times = verdict.durations else { return [] }
        func text(_ phases: [(ProofDurations.Phase, String)]) -> String {
            phases.compactMap { phase, name in times[phase].map { "\(name) \(Duration.seconds($0).precisely)" } }.joined(separator: ", ")
        }
        let parts = text([(.load, "rows"), (.build, "indexes and constraints")])
        let others = text([(.check, "check"), (.start, "start"), (.compare, "compare"), (.psql, "psql")])
        guard verdict.passed, !verdict.isPartial else {
            return ["  took: " + [text([(.restore, "restore")]), others].filter { !$0.isEmpty }.joined(separator: ", ")]
        }
        let recovery = text([(.restore, "recovery takes")]) + (parts.isEmpty ? "" : " (\(parts))")
        return ["  \(recovery); besides \(others)"]
    }

    private func list(_ heading: String, _ sentences: [String]) -> [String] {
        sentences.isEmpty ? [] : ["  \(heading):"] + sentences.map { "    - \($0)" }
    }
}
