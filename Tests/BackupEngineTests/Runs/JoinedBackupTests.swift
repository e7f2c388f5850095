import BackupCatalog
import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import BackupEngine

@Suite("A backup that joins the one under way", .timeLimit(.minutes(5)))
struct JoinedBackupTests {
    private struct Scene {
        let assembly: Assembly
        let run: RunRecord
        var history: RunHistory { RunHistory(folder: assembly.configuration.stateFolder, context: assembly.context) { _ in } }

        /// A backup of another program that holds no lock any more.
        func begin(_ scope: RunScope) async throws -> RunLog {
            try await history.save(run)
            let log = try RunLog(of: run, scope: scope, in: history.logs)
            for phase in ["dump", "verify"] {
                let event = ProgressEvent.began(phase: phase, totalBytes: nil, totalItems: nil)
                try log.write(RunLogEntry(at: run.startedAt, .progress(event)))
            }
            return log
        }

        /// Ended as the record says.
        var ended: RunRecord {
            var record = run
            record.finishedAt = assembly.context.now()
            record.outcomes = [TargetOutcome(target: .postgres, succeeded: true)]
            record.failure = RunFailure(code: .partlyDone, message: "not in s3://backups")
            return record
        }
    }

    /// - Parameter age: how long ago the other backup was begun.
    private func withScene(age: Duration = .seconds(60), _ body: (Scene) async throws -> Void) async throws {
        let settings = [
            "BACKUP_DIR": "backups", "DATABASE_URL": "postgresql://127.0.0.1:1/calls", "BACKUP_DATABASES": "calls",
            "BACKUP_DISK_MAX_PERCENT": "100",
        ]
        try await withMachine(environment: settings) { machine in
            let assembly = try Assembly(try await machine.load(), context: machine.context)
            let begun = machine.context.now() + (.zero - age)
            try await body(
                Scene(
                    assembly: assembly,
                    run: RunRecord(
                        id: "20260214T015900Z-1", kind: .backup, trigger: .schedule, host: machine.context.host, process: ProcessID.own,
                        startedAt: begun)))
        }
    }

    @Test("follows one that is stored and still being proved to its end")
    func proving() async throws {
        try await withScene { scene in
            let log = try await scene.begin(RunScope(scene.assembly.configuration, scene.assembly.catalogs))
            let notes = Mutex<[String]>([])
            let ended = scene.ended
            let joined = scene.assembly.joinedBackup(
                progress: { event in
                    guard case .note(let note) = event else { return }
                    notes.withLock { $0.append(note) }
                    do { try log.write(RunLogEntry(at: ended.startedAt, .closed(ended))) } catch { Issue.record(error) }
                }, watched: { _, _ in })
            guard case .followed(let record) = try await joined() else {
                Issue.record("it has taken one of its own")
                return
            }
            #expect(record == ended)
            let told = notes.withLock { $0 }
            let words =
                "this backup, with what was written before 2026-02-14 01:59:00Z, 60 s ago, is stored already and being proved, and is followed: "
                + "db backup, run \(ended.id), process "
            #expect(told.map { $0.hasPrefix(words) } == [true], "\(told)")
            let runs = try await scene.history.runs()
            #expect(runs.map(\.id) == [ended.id])
        }
    }

    @Test("takes its own beside the proof of one that is too old to stand for one of now, and says so")
    func stale() async throws {
        try await withScene(age: .seconds(3600)) { scene in
            let log = try await scene.begin(RunScope(scene.assembly.configuration, scene.assembly.catalogs))
            let notes = Mutex<[String]>([])
            let joined = scene.assembly.joinedBackup(
                progress: { event in
                    guard case .note(let note) = event else { return }
                    notes.withLock { $0.append(note) }
                }, watched: { _, _ in })
            // Nobody listens where the server is to be: it has tried, at least.
            let error = await #expect(throws: BackupError.self) { _ = try await joined() }
            #expect(error?.code == .sourceUnreachable, "\(String(describing: error))")
            let told = notes.withLock { $0 }
            let words = "a backup with what was written before 2026-02-14 01:00:00Z, 60 min ago, is stored and only being proved, "
            #expect(told.filter { $0.hasPrefix(words) }.count == 1, "\(told)")
            withExtendedLifetime(log) {}
        }
    }

    @Test("leaves a damaged history where it is when it only looks, and looks no longer when it is called off")
    func damaged() async throws {
        try await withScene { scene in
            try await scene.history.save(scene.run)
            let folder = scene.assembly.configuration.stateFolder
            // Another file under that name: the one there is still open here, and written to whenever SQLite likes.
            let damage = "cd \"$1\" && head -c 20000 /dev/urandom > before && rm -f history.sqlite* && cp before history.sqlite"
            try await Command("bash", ["-c", damage, "x", folder]).output()
            let joined = scene.assembly.joinedBackup(progress: { _ in }, watched: { _, _ in })
            let found = try await joined.underWay(in: joined.history)
            #expect(found == nil)
            let isUntouched = "cd \"$1\" && cmp history.sqlite before && test ! -e history.damaged.sqlite"
            let look = try await Command("bash", ["-c", isUntouched, "x", folder]).outcome()
            #expect(look.status == 0, "\(look)")
            let looking = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await joined.underWay(in: joined.history)
            }
            await #expect(throws: CancellationError.self) { _ = try await looking.value }
        }
    }

    @Test("takes its own beside the proof of another kind of backup, and beside one that has done nothing yet", arguments: [true, false])
    func other(isOfAnotherKind: Bool) async throws {
        try await withScene { scene in
            var scope = RunScope(scene.assembly.configuration, scene.assembly.catalogs)
            if isOfAnotherKind { scope.databases = ["billing"] }
            let log = try await isOfAnotherKind ? scene.begin(scope) : RunLog(of: scene.run, scope: scope, in: scene.history.logs)
            if !isOfAnotherKind { try await scene.history.save(scene.run) }
            // Nobody listens where the server is to be: it has tried, at least.
            let error = await #expect(throws: BackupError.self) {
                _ = try await scene.assembly.joinedBackup(progress: { _ in }, watched: { _, _ in })()
            }
            #expect(error?.code == .sourceUnreachable, "\(String(describing: error))")
            withExtendedLifetime(log) {}
        }
    }
}
