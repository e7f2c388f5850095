import BackupModel
import DumpFormat
import RDBFormat

/// Checks a Redis RDB file, compressed or not: reads all of it, whatever the level, as its only checksum is at the end.
struct RDBCheck {
    let request: FileVerification
    let container: Container?

    private static let pieceBytes: Int64 = 1 << 20

    @concurrent
    func run(_ verdict: inout Verdict) async throws {
        do {
            let summary = try await survey(&verdict)
            verdict.keys = Int64(clamping: summary.content.keys)
            verdict.proved += proofs(summary)
            verdict.notProved += doubts(summary)
        } catch let error as DumpFormatError {
            verdict.findings.append(Finding(error))
        } catch let error as RDBFormatError {
            verdict.findings.append(Finding("\(error)", offsets: container == nil ? .init(from: error.offset, to: nil) : nil))
        }
        verdict.notProved.append("a server was not asked to load the file")
    }

    private func survey(_ verdict: inout Verdict) async throws -> RDBSummary {
        var survey = RDBSurvey()
        let expander = container?.streamExpander()
        for offset in stride(from: 0, to: request.file.byteCount, by: Int64.Stride(Self.pieceBytes)) {
            let piece = try await request.file.read(at: offset, count: Int(min(Self.pieceBytes, request.file.byteCount - offset)))
            try read(piece, at: offset, through: expander, into: &survey, counting: &verdict.textBytes)
            request.progress(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: nil))
        }
        try expander?.finish()
        return try survey.finish()
    }

    private func read(
        _ piece: [UInt8], at offset: Int64, through expander: (any StreamExpander)?, into survey: inout RDBSurvey,
        counting bytes: inout Int64
    ) throws {
        guard let expander else {
            bytes += Int64(piece.count)
            return try piece.withUnsafeBytes { try survey.read($0) }
        }
        do {
            try piece.withUnsafeBytes { window in
                try expander.expand(window) { expanded in
                    bytes += Int64(expanded.count)
                    try survey.read(expanded)
                }
            }
        } catch var error as DumpFormatError {
            error.offset = offset
            throw error
        }
    }

    private func proofs(_ summary: RDBSummary) -> [String] {
        var proofs = [
            "the file is whole, from its header (\(summary.header.dialect.rawValue), version \(summary.header.version)) to its end"
        ]
        if container == .gzip { proofs.insert("every gzip member has its CRC-32 and length", at: 0) }
        if summary.checksum == .proved { proofs.append("the file has the CRC-64 at its end") }
        if summary.notUnderstood == nil {
            let databases = summary.content.databases.count.counted("database")
            proofs.append("every value is well-formed: \(Int64(clamping: summary.content.keys).counted("key")) in \(databases)")
        }
        return proofs
    }

    private func doubts(_ summary: RDBSummary) -> [String] {
        var doubts: [String] = []
        switch summary.checksum {
        case .proved: break
        case .disabled: doubts.append("no bit has changed: the server wrote the file with rdbchecksum off")
        case .absent: doubts.append("no bit has changed: files of this version have no checksum")
        }
        if let unknown = summary.notUnderstood { doubts.append("what stands behind byte \(unknown.offset): \(unknown)") }
        return doubts
    }
}
