import BackupModel
import DumpFormat

/// Checks a dump of this system by its own index; where the index is gone, by what can be found without it.
struct SegmentedCheck {
    let request: FileVerification

    func run(_ verdict: inout Verdict) async throws {
        try await run(&verdict, byteCount: request.file.byteCount)
    }

    private func run(_ verdict: inout Verdict, byteCount: Int64) async throws {
        let reader: DumpReader
        do {
            reader = try await DumpReader(byteCount: byteCount, read: read)
        } catch let error as DumpFormatError {
            verdict.findings.append(Finding(error))
            return try await runWithoutWholeFile(&verdict, byteCount: byteCount)
        }
        try await check(reader, &verdict)
    }

    private func runWithoutWholeFile(_ verdict: inout Verdict, byteCount: Int64) async throws {
        if let reader = try await salvaged(byteCount) {
            return try await check(reader, &verdict)
        }
        let walk = try await MemberWalk(request: request, byteCount: byteCount).run()
        if let end = walk.endOfDump, end < byteCount {
            verdict.findings = [Finding("bytes follow the end of the dump", offsets: .init(end..<byteCount))]
            return try await run(&verdict, byteCount: end)
        }
        walk.report(to: &verdict)
    }

    private func salvaged(_ byteCount: Int64) async throws -> DumpReader? {
        do {
            return try await DumpReader(salvaging: byteCount, read: read)
        } catch is DumpFormatError {
            return nil
        }
    }

    private func check(_ reader: DumpReader, _ verdict: inout Verdict) async throws {
        verdict.tables = reader.index.tables.count
        verdict.findings += IndexCheck.findings(in: reader.index)
        let checks = RunCheck.all(in: reader, level: request.level, progress: request.progress)
        let reports = try await concurrently(checks, jobs: request.jobs) { try await $0.run() }
        var outcome = RunOutcome(reports)
        if reader.shift == 0 { outcome.findings += try await paddingFindings(reader) }
        outcome.report(on: reader, to: &verdict)
    }

    private func paddingFindings(_ reader: DumpReader) async throws -> [Finding] {
        var findings: [Finding] = []
        for range in reader.padding {
            do {
                try await reader.checkPadding(range)
            } catch let error as DumpFormatError {
                findings.append(Finding("\(error.reason)", offsets: .init(range)))
            }
        }
        return findings
    }

    private var read: DumpReader.Read {
        let file = request.file
        return { try await file.read(at: $0, count: $1) }
    }
}

extension Finding {
    init(_ error: DumpFormatError) {
        self.init(
            "\(error.reason)", table: error.table, segment: error.segment, rows: error.rows.map(Bounds.init),
            offsets: error.offset.map { Bounds(from: $0, to: nil) }
        )
    }
}
