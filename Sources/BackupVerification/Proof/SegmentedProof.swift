import BackupModel
import DumpFormat
import Postgres
import ScratchServers

/// Proves a dump of this system: restored by our own engine, then everything that the index and the script know is asked of the server.
struct SegmentedProof: Sendable {
    let reader: DumpReader
    let path: String
    let globals: [UInt8]?
    private(set) var settings: ProofSettings
    let progress: ProgressSink

    /// The database a proof is made in.
    static let database = "proof"

    /// - Throws: `ScratchUnavailable` where the proof cannot be made on this host.
    func run() async throws -> ProofOutcome {
        let chosen = try await self.chosen()
        guard chosen.isEmpty == settings.tables.isEmpty else {
            throw ScratchUnavailable(
                .component, "the dump has none of the tables that a proof is to restore: \(settings.tables.joined(separator: ", "))",
                hint: "Name tables of this database, too, in BACKUP_VERIFY_TABLES.")
        }
        var proof = self
        proof.settings.tables = chosen
        var outcome = try await proof.proveChosen()
        let absent = settings.tables.filter { !chosen.contains($0) }
        if !absent.isEmpty { outcome.notProved.append("the dump has no tables of these names: \(absent.joined(separator: ", "))") }
        return outcome
    }

    /// The tables that are restored, of those that were named for the dumps of all databases.
    private func chosen() async throws -> [String] {
        guard !settings.tables.isEmpty else { return [] }
        return try await TableSelection.present(settings.tables, in: reader)
    }

    private func proveChosen() async throws -> ProofOutcome {
        let ground = try await DumpGround(for: reader, options: options)
        let request = ScratchPostgresRequest(
            major: reader.index.source.serverVersionNumber / 10_000, place: settings.place, programs: settings.programFolder,
            jobs: settings.jobs, bytes: ground.bytes * (settings.provesWithPsql ? 2 : 1), tables: reader.index.tables.count)
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
