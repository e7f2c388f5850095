package import BackupModel
import FoundationEssentials
import GRDB

/// Every run there was, whoever began it: an SQLite file in the state folder that any number of processes write at the same time.
///
/// It is what metrics and alerts are made from, and no backup depends on it: who records a run makes a warning of what fails here.
package actor RunHistory {
    nonisolated package let logs: RunLogs
    private let folder: String
    let context: RunContext
    private let onlyReads: Bool
    private let warn: @Sendable (String) -> Void
    private var opening: Task<HistoryFile, any Error>?
    private let thread = DiskThread()

    /// Its files are opened and locked there.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - folder: BACKUP_STATE_DIR; made when it is missing, and first touched when something is asked of the history.
    ///   - onlyReads: for who only looks: nothing is made or changed; a damaged file is an error then, and stays where it is.
    ///   - warn: is told when a damaged file was put aside.
    package init(folder: String, context: RunContext, onlyReads: Bool = false, warn: @escaping @Sendable (String) -> Void) {
        self.folder = folder
        self.context = context
        self.onlyReads = onlyReads
        self.warn = warn
        logs = RunLogs(stateFolder: folder)
    }

    /// Writes what is known of a run now, at its beginning and at its end.
    package func save(_ run: RunRecord) async throws {
        let text = try run.encoded()
        try await write { try $0.save(run, text) }
    }

    /// Forgets a run that came to nothing anybody wants to hear of, as one that met another at work.
    package func withdraw(_ id: String) async throws {
        try await write { database in
            try database.execute(sql: "DELETE FROM outcome WHERE run = ?", arguments: [id])
            try database.execute(
                sql: "UPDATE run SET record = NULL, underWay = 0, changed = (SELECT max(changed) FROM run) + 1 WHERE id = ?",
                arguments: [id])
        }
        logs.remove(id)
    }

    /// Runs `work` in one transaction, in a file that is made or made anew where that is needed.
    /// - Throws: `.outOfSpace`, `.storeFailed`.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await perform { try await $0.write(work) }
    }

    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await perform { try await $0.read(work) }
    }

    func perform<Value: Sendable>(_ work: (DatabaseQueue) async throws -> Value) async throws -> Value {
        do {
            do { return try await work(try await file().queue) } catch let error as DatabaseError where error.isDamage && !onlyReads {
                try await replace()
                return try await work(try await file().queue)
            }
        } catch { throw failure(error) }
    }

    private func file() async throws -> HistoryFile {
        if let opening {
            let file = try await opening.value
            if !file.isReplaced { return file }
            if self.opening == opening { self.opening = nil }
        }
        return try await open()
    }

    private func open() async throws -> HistoryFile {
        if let opening { return try await opening.value }
        let task = Task { [folder, onlyReads] in
            if onlyReads { return try HistoryFile(folder: folder, onlyReads: true) }
            return try await withOpeningLock { try HistoryFile(folder: folder) }
        }
        opening = task
        do { return try await task.value } catch {
            opening = nil
            throw error
        }
    }

    /// Under a lock, as two that find the file damaged would put each other's new one aside.
    private func replace() async throws {
        opening = nil
        let isDamaged = try await withOpeningLock { [folder] in
            do {
                try HistoryFile(folder: folder).check()
                return false
            } catch let error as DatabaseError where error.isDamage {
                try HistoryFile.setAside(folder)
                return true
            }
        }
        if isDamaged { warn("the history of runs was damaged and begins anew; the old file is \(folder)/history.damaged.sqlite") }
    }

    /// Also for the first time: turning a file into one with a write-ahead log is nothing two processes can do at once.
    private nonisolated func withOpeningLock<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await RunLock(folder: folder, name: "history").withLock(
            purpose: "opening the history", patience: .seconds(10), context: context
        ) {
            try await body()
        }
    }

    private func failure(_ error: any Error) -> any Error {
        if error is BackupError || error is CancellationError { return error }
        let isFull = (error as? DatabaseError)?.resultCode == .SQLITE_FULL
        return BackupError(
            isFull ? .outOfSpace : .storeFailed, "the history of runs in \(folder) cannot be used",
            hint: StateFailure.hint(isFull: isFull), cause: error)
    }
}

extension HistoryFile {
    /// - Throws: `DatabaseError` for a damaged file.
    fileprivate func check() throws {
        let found = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard found == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: found) }
    }
}

extension RunRecord {
    func encoded() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }

    /// Nil for a record of a later version that this one cannot read.
    init?(json text: String) {
        guard let record = try? JSONDecoder().decode(RunRecord.self, from: Data(text.utf8)) else { return nil }
        self = record
    }
}

extension Database {
    func save(_ run: RunRecord, _ text: String) throws {
        try execute(
            sql: """
                INSERT INTO run (id, changed, startedAt, underWay, record)
                VALUES (?, (SELECT coalesce(max(changed), 0) + 1 FROM run), ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET changed = excluded.changed, underWay = excluded.underWay, record = excluded.record
                """, arguments: [run.id, run.startedAt.millisecondsSinceEpoch, run.isUnderWay, text])
        try execute(sql: "DELETE FROM outcome WHERE run = ?", arguments: [run.id])
        for outcome in run.outcomes {
            try execute(
                sql:
                    "INSERT OR REPLACE INTO outcome (run, target, isBackup, startedAt, finishedAt, state, verified) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    run.id, outcome.target.rawValue, run.kind == .backup, run.startedAt.millisecondsSinceEpoch,
                    run.finishedAt?.millisecondsSinceEpoch, run.isUnderWay ? "under way" : outcome.succeeded ? "succeeded" : "failed",
                    outcome.verified,
                ])
        }
    }
}
