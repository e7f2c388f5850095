import BackupModel
import DumpFormat
import Postgres
import ScratchServers

/// Proves another program's dump, or a custom archive: that a server restores it, with everything in it. It carries nothing its rows could be
/// compared with.
struct ForeignProof: Sendable {
    let file: any RandomAccessBytes
    let path: String
    let globals: [UInt8]?
    let settings: ProofSettings
    let progress: ProgressSink

    /// Compressed text seldom comes to more than this many times its length, and a database to more than twice its text.
    private static let growth: Int64 = 16

    /// - Throws: `ScratchUnavailable` where the proof cannot be made on this host.
    func run(_ verdict: Verdict) async throws -> ProofOutcome {
        let head = try await file.read(at: 0, count: Int(min(file.byteCount, 64 << 10)))
        guard let form = ForeignDump.form(beginning: head) else {
            throw ScratchUnavailable(
                .component, "the file is no dump that can be restored", hint: "See what it is with `file \(Shell.quoted(path))`.")
        }
        let dump = ForeignDump(form: form, bytes: file, path: path)
        let origin = DumpOrigin(archiveBeginning: head) ?? DumpOrigin(scriptBeginning: Self.text(head, form)) ?? DumpOrigin()
        let server = try await serverPrograms(origin)
        let client = try await ClientPrograms.find(
            forServer: server.major * 10_000, preferred: settings.programFolder, path: settings.place.path)
        do {
            let bytes = Self.databaseBytes(of: verdict, fileBytes: file.byteCount)
            return try await prove(dump, origin, try await DumpGround(for: dump, programs: client, bytes: bytes), server)
        } catch let error as BackupError where error.code == .verificationFailed {
            return ProofOutcome(findings: [try unreadable(error)])
        }
    }

    /// An estimate. The check by content has seen how long a script is; of an archive nothing says it.
    static func databaseBytes(of verdict: Verdict, fileBytes: Int64) -> Int64 {
        verdict.textBytes > 0 ? verdict.textBytes * 2 : fileBytes * growth
    }

    /// Statements that cannot be told apart are a damage; a command for psql among them is none.
    private func unreadable(_ error: BackupError) throws -> Finding {
        guard let script = error.cause as? ScriptError, script.problem == .metaCommand else { return Finding("\(error)") }
        throw ScratchUnavailable(.component, "\(script)", hint: "Restore it by hand with psql if it is meant to hold that.")
    }

    /// The release it was taken from, or for lack of a word the newest there is.
    private func serverPrograms(_ origin: DumpOrigin) async throws -> ServerPrograms {
        guard let version = origin.serverVersion, let major = Int(version.prefix(while: \.isNumber)) else {
            return try await ServerPrograms.newest(preferred: settings.programFolder, path: settings.place.path)
        }
        return try await ServerPrograms.find(major: major, preferred: settings.programFolder, path: settings.place.path)
    }

    private func prove(_ dump: ForeignDump, _ origin: DumpOrigin, _ ground: DumpGround, _ server: ServerPrograms) async throws
        -> ProofOutcome
    {
        let request = ScratchPostgresRequest(
            major: server.major, place: settings.place, programs: settings.programFolder, jobs: settings.jobs, bytes: ground.bytes)
        let begun = ProofStopwatch(settings.now)
        return try await withScratchPostgres(request) { scratch in
            var (outcome, watch) = (ProofOutcome(), begun)
            try await ProofGround(scratch: scratch, ground: ground, globals: globals).prepare(&outcome)
            outcome.durations[.start] = watch.lap()
            try await restore(dump, origin, on: scratch, &outcome)
            outcome.durations[.restore] = watch.lap()
            if outcome.findings.isEmpty { try await count(on: scratch, &outcome) }
            outcome.durations[.compare] = watch.lap()
            if !outcome.findings.isEmpty, settings.keepsScratch { outcome.keptScratch = try scratch.keep().instructions }
            return outcome
        }
    }

    private func restore(
        _ dump: ForeignDump, _ origin: DumpOrigin, on scratch: ScratchPostgres, _ outcome: inout ProofOutcome
    ) async throws {
        let restore = ForeignRestore(
            of: dump, to: .new(SegmentedProof.database), on: scratch.target,
            options: RestoreOptions(jobs: settings.jobs, stallLimit: settings.stallLimit), origin: origin,
            programFolder: settings.programFolder, searchPath: settings.place.path, surroundings: scratch.surroundings,
            progress: progress)
        do {
            _ = try await restore.run()
        } catch let error as BackupError {
            let finding = try Finding(stoppedBy: error, on: scratch)
            // In another locale than the source's a constraint may say otherwise of the same row.
            guard !finding.message.contains("check constraint") else {
                throw ScratchUnavailable(
                    .component, "a check constraint refuses a row in the scratch server's locale: \(finding.message)",
                    hint: "Restore it by hand into a database with the locale of its source.")
            }
            outcome.findings.append(finding)
        }
    }

    private func count(on scratch: ScratchPostgres, _ outcome: inout ProofOutcome) async throws {
        let target = scratch.target.with(database: SegmentedProof.database)
        let digests = TableDigests(
            target: target, jobs: settings.jobs, stallLimit: settings.stallLimit, encoding: "UTF8", progress: progress)
        let tables = try await digests.read { _ in true }
        let rows = tables.values.reduce(Int64(0)) { $0 + $1.rows }
        outcome.proved.append(
            "a server has restored it without an error, with all indexes and constraints, and every row was read back: "
                + "\(rows.counted("row")) in \(tables.count.counted("table"))")
    }

    /// The first text of a script.
    private static func text(_ head: [UInt8], _ form: ForeignDump.Form) -> [UInt8] {
        guard case .script(let container?) = form else { return head }
        var text: [UInt8] = []
        // A head ends in the middle of a stream, and what came before that counts.
        try? head.withUnsafeBytes { bytes in try container.streamExpander().expand(bytes) { text += $0 } }
        return text
    }
}
