import BackupModel
import DumpFormat
import RDBFormat

/// Checks a Redis RDB file, compressed or not: reads all of it, whatever the level, as its only checksum is at the end.
struct RDBCheck {
    let request: FileVerification
    let container: Container?

    @concurrent
    func run(_ verdict: inout Verdict) async throws {
        var reading = RDBReading()
        do {
            try await ExpandedWalk(request: request, container: container).run(into: &reading)
        } catch let error as DumpFormatError {
            // Damaged compressed data expands to nonsense: what the RDB reader made of it is no news.
            verdict.findings.append(Finding(error))
        }
        verdict.textBytes = reading.bytes
        if verdict.findings.isEmpty { conclude(&reading, &verdict) }
        verdict.notProved.append(Verdict.notLoaded)
    }

    private func conclude(_ reading: inout RDBReading, _ verdict: inout Verdict) {
        do throws(RDBFormatError) {
            let summary = try reading.finish()
            verdict.keys = Int64(clamping: summary.content.keys)
            verdict.proved += proofs(summary)
            verdict.notProved += doubts(summary)
        } catch {
            verdict.findings.append(Finding("\(error)", offsets: container == nil ? .init(from: error.offset, to: nil) : nil))
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

/// A survey that remembers what was wrong, so that the compressed file around it can be read to its end all the same.
private struct RDBReading: ~Copyable, ExpandedBytesReceiver {
    private var survey = RDBSurvey()
    private var error: RDBFormatError?
    private(set) var bytes: Int64 = 0

    var item: String? { nil }

    mutating func take(_ window: UnsafeRawBufferPointer) {
        bytes += Int64(window.count)
        guard error == nil else { return }
        do throws(RDBFormatError) { try survey.read(window) } catch { self.error = error }
    }

    mutating func finish() throws(RDBFormatError) -> RDBSummary {
        if let error { throw error }
        return try survey.finish()
    }
}
