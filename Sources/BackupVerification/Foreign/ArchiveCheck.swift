import BackupModel
import Subprocess
import SystemPackage

/// Checks a custom-format archive of pg_dump with pg_restore: its contents are listed, then everything is read and expanded.
struct ArchiveCheck {
    let request: FileVerification

    /// Lists of more than this are of more than a million objects.
    private static let listLimit = 256 << 20
    private static let complaintLimit = 1 << 20

    func run(_ verdict: inout Verdict) async throws {
        guard let path = request.path, let pgRestore = request.pgRestore else {
            throw BackupError(
                .failed, "a custom-format archive needs pg_restore to be verified, and none was found",
                hint: "Install the PostgreSQL client (apt install postgresql-client), or name its folder in PG_BIN_DIR.")
        }
        let program = Executable.path(FilePath(pgRestore))
        let list = try await Subprocess.run(
            program, arguments: ["--list", path], output: .string(limit: Self.listLimit), error: .string(limit: Self.complaintLimit))
        // pg_restore has nothing but words for an archive of a later release.
        guard !list.standardError.contains("unsupported version") else {
            throw BackupError(
                .versionMismatch,
                "the archive is of a later release of PostgreSQL than pg_restore here: \(Self.lastLine(list.standardError))",
                hint: "Install the client of that release, or name the folder of its programs in PG_BIN_DIR.")
        }
        guard list.terminationStatus.isSuccess else {
            verdict.findings.append(Finding("pg_restore cannot list the archive: \(Self.lastLine(list.standardError))"))
            return
        }
        let tables = list.standardOutput.split(separator: "\n").count { $0.contains(" TABLE DATA ") }
        verdict.tables = tables
        verdict.proved.append("pg_restore lists the archive: \(tables.counted("table")) with data")
        try await readAll(path, program, &verdict)
        request.progress(.advanced(bytes: request.file.byteCount, rows: 0, items: 0, item: nil))
        verdict.notProved += [
            "the rows are the ones that were dumped: the archive carries no row counts or digests, and uncompressed data no checksum",
            "nothing follows the archive: pg_restore does not look behind its last block",
            Verdict.notLoaded,
        ]
    }

    private func readAll(_ path: String, _ program: Executable, _ verdict: inout Verdict) async throws {
        let read = try await Subprocess.run(
            program, arguments: ["--file=/dev/null", path], output: .discarded, error: .string(limit: Self.complaintLimit))
        if read.terminationStatus.isSuccess {
            verdict.proved.append("pg_restore reads and expands all of it")
        } else {
            verdict.proved = []
            verdict.findings.append(Finding("pg_restore cannot read the archive: \(Self.lastLine(read.standardError))"))
        }
    }

    private static func lastLine(_ complaints: String) -> String {
        complaints.split(separator: "\n").last.map(String.init) ?? "it gives no reason"
    }
}
