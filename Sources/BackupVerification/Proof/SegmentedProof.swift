import BackupModel
import DumpFormat
import Postgres
import ScratchServers

/// Proves a dump of this system: restored by our own engine, then everything that the index and the script know is asked of the server.
struct SegmentedProof: Sendable {
    let reader: DumpReader
    let path: String
    let globals: [UInt8]?
    let settings: ProofSettings
    let progress: ProgressSink

    /// The database a proof is made in.
    static let database = "proof"

    /// - Throws: `ScratchUnavailable` where the proof cannot be made on this host.
    func run() async throws -> ProofOutcome {
        let ground = try await DumpGround(for: reader, options: options)
        let request = ScratchPostgresRequest(
            major: reader.index.source.serverVersionNumber / 10_000, place: settings.place, programs: settings.programFolder,
            jobs: settings.jobs, bytes: ground.bytes, tables: reader.index.tables.count)
        let begun = ProofStopwatch(settings.now)
        return try await withScratchPostgres(request) { scratch in
            var (outcome, watch) = (ProofOutcome(), begun)
            try await ProofGround(scratch: scratch, ground: ground, globals: globals).prepare(&outcome)
            outcome.durations[.start] = watch.lap()
            try await prove(on: scratch, &watch, &outcome)
            if !outcome.findings.isEmpty, settings.keepsScratch { outcome.keptScratch = try scratch.keep().instructions }
            return outcome
        }
    }

    private func prove(on scratch: ScratchPostgres, _ watch: inout ProofStopwatch, _ outcome: inout ProofOutcome) async throws {
        guard let contents = try await restore(on: scratch, &watch, &outcome) else { return }
        let comparison = RestoredComparison(reader: reader, contents: contents, settings: settings, progress: progress)
        try await comparison.run(on: scratch.target.with(database: Self.database), &outcome)
        outcome.durations[.compare] = watch.lap()
        guard settings.provesWithPsql, outcome.findings.isEmpty else { return }
        try await PsqlProof(path: path, container: reader.container, scratch: scratch, comparison: comparison).run(&outcome)
        outcome.durations[.psql] = watch.lap()
    }

    /// - Returns: nil when the restore stopped, with a finding.
    private func restore(
        on scratch: ScratchPostgres, _ watch: inout ProofStopwatch, _ outcome: inout ProofOutcome
    ) async throws -> RestoredContents? {
        var options = options
        options.indexMemory = scratch.indexMemory
        options.keepsUnfinished = settings.keepsScratch
        let restore = PostgresRestore(of: reader, to: .new(Self.database), on: scratch.target, options: options, progress: progress)
        do {
            let contents = try await restore.run().contents
            outcome.durations[.restore] = watch.lap()
            outcome.durations[.load] = contents?.durations.rows
            outcome.durations[.build] = contents.map { $0.durations.script - $0.durations.rows }
            outcome.notProved += contents?.notes ?? []
            return contents
        } catch let error as BackupError {
            outcome.findings.append(try Finding(stoppedBy: error, on: scratch))
            return nil
        }
    }

    private var options: RestoreOptions {
        let sample = SegmentSample(share: settings.share, largerThan: settings.giant.bytes, seed: settings.seed)
        return RestoreOptions(
            jobs: settings.jobs, tables: settings.tables, sample: settings.share < 1 ? sample : nil, stallLimit: settings.stallLimit)
    }
}

extension KeptScratchPostgres {
    var instructions: String { "\(folder); start it: \(start); look: \(connection); remove it: \(removal)" }
}

extension Finding {
    /// A restore that stopped is a finding when the file is at fault.
    /// - Throws: the error itself when it speaks of the server or of us; `ScratchUnavailable` when the host is too small.
    init(stoppedBy error: BackupError, on scratch: ScratchPostgres) throws {
        guard scratch.server.isAlive, !error.isOfServer else { throw error }
        // psql and pg_restore have nothing but words for it.
        guard error.code != .outOfSpace, !"\(error)".contains("No space left on device") else {
            throw ScratchUnavailable(
                .space, "the scratch server ran out of space: \(error)",
                hint: "Name a folder with more room in BACKUP_SCRATCH_DIR, or give the server more in BACKUP_SCRATCH_MEMORY.")
        }
        self.init("\(error)")
    }
}

extension BackupError {
    /// Whether the server failed, not the statement it was given: for lack of something (class 53, but for its disk), by an operator's hand
    /// (57), by a failure of its own (58, XX); or it cannot be reached (08).
    fileprivate var isOfServer: Bool {
        if code == .sourceUnreachable || code == .stalled { return true }
        guard let sqlState, sqlState != "53100" else { return false }
        return ["08", "53", "57", "58", "XX"].contains { sqlState.hasPrefix($0) }
    }
}
