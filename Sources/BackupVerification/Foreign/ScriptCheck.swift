import BackupModel
import DumpFormat

/// Checks a plain SQL script of pg_dump or pg_dumpall, compressed or not: what there is to check without an index.
struct ScriptCheck {
    let request: FileVerification
    let container: Container?

    @concurrent
    func run(_ verdict: inout Verdict) async throws {
        var scanner = ScriptScanner()
        do {
            try await ExpandedWalk(request: request, container: container).run(into: &scanner)
        } catch let error as DumpFormatError {
            var finding = Finding(error)
            finding.table = scanner.table
            finding.rows = scanner.table == nil ? nil : .init(from: scanner.rowsOfTable, to: nil)
            verdict.findings.append(finding)
        }
        if verdict.findings.isEmpty { verdict.findings += scanner.finish().map { Finding($0, table: scanner.table) } }
        verdict.textBytes = scanner.textBytes
        verdict.tables = scanner.tables
        verdict.rows = scanner.rows
        if verdict.findings.isEmpty { verdict.proved += proofs(scanner) }
        verdict.notProved += [
            "the rows are the ones that were dumped: a plain script carries no row counts or digests",
            Verdict.notLoaded,
        ]
    }

    private func proofs(_ scanner: ScriptScanner) -> [String] {
        var proofs = [
            "the script has the header of a PostgreSQL dump and its \"dump complete\" trailer",
            "every COPY block is closed; together they hold \(scanner.rows.counted("row")) of \(scanner.tables.counted("table"))",
        ]
        switch container {
        case .gzip: proofs.insert("every gzip member has its CRC-32 and length", at: 0)
        case .zstd: proofs.insert("every zstd frame decompresses, with its checksum where it carries one", at: 0)
        case nil: break
        }
        return proofs
    }
}

extension ScriptScanner: ExpandedBytesReceiver {
    mutating func take(_ bytes: UnsafeRawBufferPointer) { scan(bytes) }
    var item: String? { table }
}
