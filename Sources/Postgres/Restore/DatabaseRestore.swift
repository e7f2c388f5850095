import BackupModel
import DumpFormat

/// Fills one empty database from a segmented dump: definitions, rows and indexes side by side, foreign keys, the rest, statistics.
struct DatabaseRestore: Sendable {
    let reader: DumpReader
    let scripts: DumpScripts
    let target: ConnectionTarget
    let options: RestoreOptions
    let indexMemory: Int64?
    /// Started when the restore began.
    let watch: Stopwatch
    let progress: ProgressSink

    func run() async throws -> RestoredContents {
        let first = try await openSession()
        do {
            let contents = try await run(first)
            await first.connection.close()
            return contents
        } catch {
            await first.connection.close()
            throw error
        }
    }

    private func run(_ first: WorkerSession) async throws -> RestoredContents {
        try await runDefinitions(on: first.connection)
        let definitions = watch.seconds
        let before = try await Relations.read(over: first.connection)
        let selection = try select(among: before)
        let dropped = try await SuperfluousRelations(connection: first.connection).drop(selection.superfluous)
        let relations = dropped == 0 ? before : try await Relations.read(over: first.connection)
        let plan = RestorePlanner(reader: reader, scripts: scripts, selection: selection, relations: relations, options: options)
        var outcome = try await RestoreWork(restore: self, plan: plan).run(first)
        outcome.durations.definitions = definitions
        outcome.durations.settle()
        if options.readsBack { try await ReadBack(restore: self, plan: plan).run() }
        return plan.contents(dropped: dropped, outcome: outcome, isReadBack: options.readsBack)
    }

    private func select(among relations: Relations) throws -> TableSelection {
        guard !options.tables.isEmpty else { return TableSelection(everythingOf: reader.index, relations: relations) }
        return TableSelection(try TableSelection.resolve(options.tables, in: scripts), of: reader.index, relations: relations)
    }

    func openSession() async throws -> WorkerSession {
        try await WorkerSession.open(target, options: options, indexMemory: indexMemory, script: scripts.settings)
    }

    var filter: StatementFilter { StatementFilter(ownership: options.ownership) }

    private func runDefinitions(on connection: PostgresConnection) async throws {
        progress(.began(phase: "definitions", totalBytes: nil, totalItems: scripts.preData.count))
        let run = ScriptRun(connection: connection, filter: filter)
        for statement in scripts.preData {
            try await run.run(statement)
            progress(.advanced(bytes: 0, rows: 0, items: 1, item: statement.object))
        }
        progress(.ended(phase: "definitions"))
    }
}

/// The parts of the script that are held in memory while they are used.
struct DumpScripts: Sendable {
    let preData: [ScriptStatement]
    let data: DumpIndex.ScriptPart?
    let postData: [ScriptStatement]
    /// What the script sets at its top.
    let settings: ScriptSettings

    static func read(from reader: DumpReader) async throws -> DumpScripts {
        let preData = try await statements(.preData, of: reader)
        let postData = try await statements(.postData, of: reader)
        let settings = preData.first { $0.subject.kind != .session }?.settings ?? ScriptSettings()
        return DumpScripts(preData: preData, data: reader.index.part(.data), postData: postData, settings: settings)
    }

    private static func statements(_ kind: DumpIndex.ScriptPart.Kind, of reader: DumpReader) async throws -> [ScriptStatement] {
        guard let part = reader.index.part(kind) else { return [] }
        do {
            return try ScriptStatements.all(in: try await reader.text(of: part), entries: part.entries)
        } catch {
            throw RestoreFailure(while: "reading the \(kind.rawValue) script", error).error
        }
    }
}

extension DumpIndex {
    func part(_ kind: ScriptPart.Kind) -> ScriptPart? { scripts.first { $0.kind == kind } }
}
