import BackupModel
import BackupReports
import Postgres
import Testing

@testable import BackupEngine
@testable import BytePipeline

/// What is said in Russian is found by the English words: here they are those the runs really say.
@Suite("The sentences a run ends with are known in Russian")
struct RunSentenceTests {
    private func manifest() throws -> Manifest {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        let begin = try #require(id.instant)
        return Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: [])
    }

    /// As the record of the run keeps it.
    private func russian(_ error: BackupError?) throws -> RunWords.Sentence {
        let failure = RunFailure(try #require(error))
        return try #require(RunWords.russian(failure.message), "\(failure.message)")
    }

    private let request = BackupRequest(server: ConnectionTarget(), databases: ["calls", "billing"], jobs: 1)
    private let refusal = BackupError(.sourceUnreachable, "nobody answers")

    @Test("where a part could not be saved")
    func part() throws {
        let part = PartFailure(kind: .postgresDump, database: "calls", error: refusal)
        let shortfall = Shortfall(try manifest(), [part], [], of: request, storeCount: 1)
        let sentence = try russian(shortfall.error)
        #expect(sentence.ours.hasPrefix("в копии 20260214T020000Z нет 1 из "), "\(sentence)")
        #expect(sentence.said?.contains("nobody answers") == true, "\(sentence)")
    }

    @Test("where a store did not take it")
    func store() throws {
        let shortfall = Shortfall(try manifest(), [], [Dropout(store: "s3://b/p", error: refusal)], of: request, storeCount: 2)
        let sentence = try russian(shortfall.error)
        #expect(sentence.ours == "копия 20260214T020000Z: хранилищ с ней 1 из 2, её нет в", "\(sentence)")
    }

    @Test("where nobody should rely on it", arguments: [true, false])
    func doubt(isOfReasons: Bool) throws {
        var manifest = try manifest()
        manifest.suspicion = Suspicion(
            reasons: isOfReasons ? ["the dump of calls has shrunk by 36 %: 412 MB, from 644 MB in 20260213T020000Z"] : ["x"])
        let error = try #require(manifest.doubt)
        let sentence = try russian(error)
        #expect(sentence.ours.hasPrefix("копия 20260214T020000Z сохранена, но под сомнением"), "\(sentence)")
        #expect(sentence.said == (isOfReasons ? nil : "x"))
        let hint = try #require(error.hint)
        #expect(RunWords.hint(hint) != nil, "\(hint)")
    }

    @Test("where it was not checked", arguments: [true, false])
    func unproved(isCalledOff: Bool) throws {
        let error = Assembly.unproved(try manifest().id, refusal, isCalledOff: isCalledOff)
        let sentence = try russian(error)
        #expect(sentence.ours.hasPrefix("копия 20260214T020000Z сохранена, но "), "\(sentence)")
        #expect(sentence.said == (isCalledOff ? nil : "nobody answers"))
        let hint = try #require(error.hint)
        #expect(RunWords.hint(hint) != nil, "\(hint)")
    }

    @Test("where it was called off")
    func calledOff() throws {
        let sentence = try russian(RecordedRun.Result(failing: CancellationError(), []).failure)
        #expect(sentence.ours == "запуск был прерван" && sentence.said == nil)
    }

    @Test("where no server listens, as to what helps")
    func unreachable() async throws {
        let settings = [
            "BACKUP_DIR": "backups", "DATABASE_URL": "postgresql://127.0.0.1:1/calls", "BACKUP_DATABASES": "calls",
            "BACKUP_DISK_MAX_PERCENT": "100",
        ]
        try await withMachine(environment: settings) { machine in
            let assembly = try Assembly(try await machine.load(), context: machine.context)
            let error = await #expect(throws: BackupError.self) { _ = try await assembly.backUp { _ in } }
            let hint = try #require(error?.hint)
            #expect(RunWords.hint(hint) != nil, "\(hint)")
        }
    }
}
