import BackupModel
import DumpFormat

/// Does the work of a plan on as many sessions as there are jobs.
struct RestoreWork: Sendable {
    struct Outcome: Sendable {
        var skippedLargeObjects = false
        var durations = RestoreDurations()
    }

    private struct Report: Sendable {
        var id: Int
        var stage: Stage
        var session: WorkerSession
        var deferred: ScriptStatement?
        var skippedLargeObjects = false
    }

    enum Stage: Sendable { case rows, indexes, script }

    let restore: DatabaseRestore
    let plan: RestorePlanner

    private var progress: ProgressSink { restore.progress }

    func run(_ first: WorkerSession) async throws -> Outcome {
        var idle = [first]
        for _ in 1..<max(restore.options.jobs, 1) { idle.append(try await restore.openSession()) }
        let sessions = idle
        progress(
            .began(phase: "load", totalBytes: plan.totalBytes, totalItems: plan.postData.builds.count + plan.postData.foreignKeys.count))
        do {
            let outcome = try await work(through: idle)
            for session in sessions.dropFirst() { await session.connection.close() }
            progress(.ended(phase: "load"))
            return outcome
        } catch {
            for session in sessions { await session.connection.close() }
            throw error
        }
    }

    private func work(through sessions: [WorkerSession]) async throws -> Outcome {
        var queue = plan.queue()
        var idle = sessions
        var deferred: [ScriptStatement] = []
        var outcome = Outcome()
        try await withThrowingTaskGroup(of: Report.self) { group in
            while true {
                while let session = idle.last, let (id, work) = queue.take() {
                    idle.removeLast()
                    let late = deferred
                    group.addTask { try await self.perform(work, id, late, session) }
                }
                guard let report = try await group.next() else { return }
                outcome.durations.note(report.stage, at: restore.watch.seconds, buildsLate: !deferred.isEmpty)
                queue.finish(report.id)
                idle.append(report.session)
                if let statement = report.deferred { deferred.append(statement) }
                if report.skippedLargeObjects { outcome.skippedLargeObjects = true }
            }
        }
        return outcome
    }

    private func perform(
        _ work: RestorePlanner.Work, _ id: Int, _ late: [ScriptStatement], _ session: WorkerSession
    ) async throws -> Report {
        var report = Report(id: id, stage: Self.stage(of: work), session: session)
        switch work {
        case .load(let load):
            try await TableLoad(reader: restore.reader, index: plan.sampled, load: load, progress: progress).run(on: session.connection)
        case .data: report.skippedLargeObjects = try await runData(on: session)
        case .build(let statement), .foreignKey(let statement):
            if try await !runsEarly(statement, &report.session) { report.deferred = statement }
        case .joints(let statements): try await runAll(statements, &report.session)
        case .rest(let statements):
            try await runAll((statements + late).sorted { $0.offset < $1.offset }, &report.session)
        case .analyze(let table): try await analyze(table, on: session.connection)
        }
        return report
    }

    private static func stage(of work: RestorePlanner.Work) -> Stage {
        switch work {
        case .load, .data: .rows
        case .build, .joints, .foreignKey: .indexes
        case .analyze, .rest: .script
        }
    }

    private func runAll(_ statements: [ScriptStatement], _ session: inout WorkerSession) async throws {
        let run = ScriptRun(connection: session.connection, filter: restore.filter)
        for statement in statements { try await run.run(statement, current: &session.settings) }
    }

    /// Runs a statement before its turn. False when it needs something that is made later in the script: a function, a view, a
    /// table of post-data; it is then run in its turn.
    private func runsEarly(_ statement: ScriptStatement, _ session: inout WorkerSession) async throws -> Bool {
        progress(.advanced(bytes: 0, rows: 0, items: 0, item: statement.object))
        do {
            try await runAll([statement], &session)
        } catch let error as BackupError {
            guard error.isForSomethingMissing else { throw error }
            return false
        }
        progress(.advanced(bytes: 0, rows: 0, items: 1, item: statement.object))
        return true
    }

    /// - Returns: whether large objects were passed over.
    private func runData(on session: WorkerSession) async throws -> Bool {
        guard let part = plan.scripts.data else { return false }
        let run = ScriptRun(connection: session.connection, filter: restore.filter)
        guard plan.selection.isPartial else {
            try await run.run(part, of: restore.reader, settings: session.settings) { _ in .run }
            return false
        }
        let left = Set(plan.relations.all.map(\.name))
        return try await run.run(part, of: restore.reader, settings: session.settings) { statement in
            if statement.isAboutLargeObjects { return .stop }
            return statement.subject.kind == .session || statement.table.map(left.contains) == true ? .run : .pass
        }
    }

    /// Statistics are no contents: what the server cannot sample now, autovacuum will see later.
    private func analyze(_ table: [UInt8], on connection: PostgresConnection) async throws {
        let name = String(decoding: table, as: UTF8.self)
        progress(.advanced(bytes: 0, rows: 0, items: 0, item: "ANALYZE \(name)"))
        do {
            try await connection.execute(Array("ANALYZE ".utf8) + table)
        } catch let error as BackupError where error.sqlState != nil {
            progress(.warning("\(name) could not be analyzed: \(error.message)"))
        } catch {
            throw RestoreFailure(while: "analyzing \(name)", error).error
        }
    }
}

extension BackupError {
    /// SQLSTATE class 42 without the two that say the object is there already.
    fileprivate var isForSomethingMissing: Bool {
        let missing: Set = ["42883", "42P01", "42703", "42704", "3F000", "42830"]
        return sqlState.map(missing.contains) ?? false
    }
}

extension ScriptStatement {
    /// pg_dump writes them last in their section, in a transaction of their own.
    fileprivate var isAboutLargeObjects: Bool {
        text.starts(with: "BEGIN".utf8) || text.starts(with: "SELECT pg_catalog.lo".utf8)
    }
}
