import BackupModel
import DumpFormat

/// What the checks of all runs came to together.
struct RunOutcome {
    var findings: [Finding]
    private let runs: Int
    private let damagedRuns: Int
    private let members: Int
    private let textBytes: Int64
    private let rows: Int64

    init(_ reports: [RunCheck.Report]) {
        findings = reports.flatMap(\.findings) + Self.stray(reports)
        runs = reports.count
        damagedRuns = reports.count { !$0.findings.isEmpty }
        members = reports.reduce(0) { $0 + $1.members }
        textBytes = reports.reduce(0) { $0 + $1.textBytes }
        rows = reports.reduce(0) { $0 + $1.rows }
    }

    /// Where every run is whole but the end of the file has moved, bytes were put in between: behind the last run at its own place.
    private static func stray(_ reports: [RunCheck.Report]) -> [Finding] {
        guard reports.allSatisfy(\.findings.isEmpty) else { return [] }
        let present = reports.filter { $0.subject.run.compressedBytes > 0 }
        let unmoved = present.filter { $0.shift == 0 }
        guard let shift = present.first(where: { $0.shift != 0 })?.shift,
            let last = unmoved.max(by: { $0.subject.run.offset < $1.subject.run.offset })
        else { return [] }
        let end = last.subject.run.range.upperBound
        let message = "bytes that the index does not describe stand behind what it does"
        guard case .segment(_, let number, let table) = last.subject else {
            return [Finding(message, offsets: .init(from: end, to: end + shift))]
        }
        return [Finding(message, table: table.qualifiedName, segment: number, offsets: .init(from: end, to: end + shift))]
    }

    func report(on reader: DumpReader, to verdict: inout Verdict) {
        verdict.textBytes = textBytes
        verdict.rows = verdict.level == .content ? rows : reader.index.tables.reduce(0) { $0 + $1.rows }
        if damagedRuns == runs, runs > 1 {
            verdict.findings.append(Finding("nothing in the file is what its index describes: the index belongs to another file"))
        }
        verdict.findings += findings
        if verdict.findings.isEmpty { verdict.proved += proofs(verdict, reader) }
        verdict.notProved += doubts(verdict.level)
    }

    private func proofs(_ verdict: Verdict, _ reader: DumpReader) -> [String] {
        let segments = reader.index.tables.reduce(0) { $0 + $1.segments.count }
        let structure = [
            "the index is whole, and every byte of the file is in a member it describes, in padding, or in the index itself",
            "every member decompresses to text with the length and checksum it records: \(members.counted("member"))",
            "every part has its checksum: \(segments.counted("segment")) of \(reader.index.tables.count.counted("table")), \(reader.index.scripts.count.counted("script part"))",
        ]
        guard verdict.level == .content else { return structure }
        return structure + [
            "\(rows.counted("row was", "rows were")) counted and digested again: each table has the row count and the digest taken in its snapshot"
        ]
    }

    private func doubts(_ level: Verification.Level) -> [String] {
        let rows = "rows were not counted or digested again (level content does that)"
        return level == .content ? [Verdict.notLoaded] : [rows, Verdict.notLoaded]
    }
}
