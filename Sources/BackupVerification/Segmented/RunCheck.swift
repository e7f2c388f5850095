import BackupModel
import DumpFormat

/// Checks one run of members: a segment of a table or a part of the script.
struct RunCheck: Sendable {
    let reader: DumpReader
    let subject: Subject
    let level: VerificationLevel
    let progress: ProgressSink

    enum Subject: Sendable {
        case segment(DumpIndex.Segment, number: Int, table: DumpIndex.Table)
        case script(DumpIndex.ScriptPart)

        var run: any MemberRun {
            switch self {
            case .segment(let segment, _, _): segment
            case .script(let part): part
            }
        }
    }

    struct Report: Sendable {
        let subject: Subject
        var findings: [Finding] = []
        /// How far from the place the index gives the run was found whole.
        var shift: Int64 = 0
        var members = 0
        var textBytes: Int64 = 0
        var rows: Int64 = 0
    }

    static func all(in reader: DumpReader, level: VerificationLevel, progress: @escaping ProgressSink) -> [RunCheck] {
        let scripts = reader.index.scripts.map(Subject.script)
        let segments = reader.index.tables.flatMap { table in
            table.segments.enumerated().map { Subject.segment($0.element, number: $0.offset, table: table) }
        }
        return (scripts + segments).map { RunCheck(reader: reader, subject: $0, level: level, progress: progress) }
    }

    /// Where the file's end has moved, a run may be whole at its place or at that distance from it.
    func run() async throws -> Report {
        let report = try await report(shift: 0)
        guard !report.findings.isEmpty, reader.shift != 0 else { return report }
        let moved = try await self.report(shift: reader.shift)
        return moved.findings.isEmpty ? moved : report
    }

    private func report(shift: Int64) async throws -> Report {
        var report = Report(subject: subject, shift: shift)
        do {
            switch subject {
            case .segment(let segment, let number, let table):
                try await check(segment.moved(by: shift), number, table, &report)
            case .script(let part):
                try await check(part.moved(by: shift), &report)
            }
        } catch let error as DumpFormatError {
            report.findings.append(try await DamageSurvey(reader: reader, subject: subject).finding(error))
        }
        return report
    }

    private func check(_ part: DumpIndex.ScriptPart, _ report: inout Report) async throws {
        guard isInside(part) else { throw DumpFormatError(.memberTruncated, offset: part.offset) }
        let cursor = reader.cursor(over: part)
        while let member = try await cursor.next() { count(member, rows: 0, item: nil, &report) }
    }

    private func check(
        _ segment: DumpIndex.Segment, _ number: Int, _ table: DumpIndex.Table, _ report: inout Report
    ) async throws {
        guard isInside(segment) else { throw DumpFormatError(.memberTruncated, offset: segment.offset) }
        var content = ContentDigest()
        let cursor = reader.cursor(over: segment, number: number, of: table)
        while let member = try await cursor.next() {
            let rows = level == .content ? try content.add(member) : 0
            count(member, rows: rows, item: table.qualifiedName, &report)
        }
        if level == .content { try content.check(against: segment) }
    }

    /// A moved or salvaged index may point outside the file.
    private func isInside(_ run: some MemberRun) -> Bool {
        run.offset >= 0 && run.offset + run.compressedBytes <= reader.byteCount
    }

    private func count(_ member: Member, rows: Int64, item: String?, _ report: inout Report) {
        report.members += 1
        report.textBytes += Int64(member.text.count)
        report.rows += rows
        progress(.advanced(bytes: Int64(member.compressedBytes), rows: rows, items: 0, item: item))
    }
}

extension DumpIndex.Segment {
    fileprivate func moved(by shift: Int64) -> Self {
        var moved = self
        moved.offset += shift
        return moved
    }
}

extension DumpIndex.ScriptPart {
    fileprivate func moved(by shift: Int64) -> Self {
        var moved = self
        moved.offset += shift
        return moved
    }
}
