import BackupModel
import Glibc
import Testing

@testable import BackupCatalog

@Suite("Runs whose process died")
struct DeadRunTests {
    private let now = HistoryScene.now

    @Test("are found by their log, which nobody holds any more; those that are held live")
    func byLog() async throws {
        try await withHistory { scene in
            let history = scene.history()
            let (dead, alive) = (HistoryScene.open("20260214T020000Z-dead", host: "elsewhere"), HistoryScene.open("20260214T020000Z-alive"))
            for run in [dead, alive] { try await history.save(run) }
            _ = try RunLog(of: dead, in: history.logs)
            let log = try RunLog(of: alive, in: history.logs)
            #expect(try await history.buryDead(at: now) == [dead.buried])
            try log.write(RunLogEntry(at: now, .closed(alive)))
            let record = try #require(try await history.run(dead.id))
            #expect(!record.isUnderWay && record.finishedAt == nil && record.failure?.message.contains("without a word") == true)
            #expect(record.outcomes.allSatisfy { !$0.succeeded && $0.failure == record.failure })
            #expect(try await history.run(alive.id)?.isUnderWay == true)
            #expect(try await history.buryDead(at: now) == [])
        }
    }

    /// - Parameter age: of the run, in seconds; this process is younger than a day.
    @Test(
        "Without a log the process tells, its number alone does not; of another machine's run only time does",
        arguments: [
            (getpid(), "here", 0, false), (getpid(), "here", 4_000_000, true), (Int32.max, "here", 0, true),
            (Int32.max, "elsewhere", 3600, false), (Int32.max, "elsewhere", 8 * 86_400, true),
        ])
    func byProcess(process: Int32, host: String, age: Int, isDead: Bool) async throws {
        try await withHistory { scene in
            let today = RunContext.live().now()
            let run = HistoryScene.open("a", process: process, host: host, startedAt: today + .seconds(-age))
            #expect(scene.history().isDead(run, at: today) == isDead)
        }
    }
}

@Suite("Many writers of one history")
struct CrowdedHistoryTests {
    @Test("make it together, and none of their records is lost")
    func crowd() async throws {
        try await withHistory { scene in
            try await withThrowingTaskGroup { group in
                for writer in 0..<12 {
                    group.addTask {
                        let history = scene.history()
                        for place in 0..<10 {
                            let id = "\(writer)-\(place)"
                            try await history.save(HistoryScene.open(id, process: getpid(), startedAt: RunContext.live().now()))
                            try await history.save(HistoryScene.run(id, hoursAgo: place))
                            _ = try await history.targets()
                        }
                        try await history.buryDead(at: HistoryScene.now)
                        let bound = HistoryScene.now + .seconds(-86_400)
                        try await history.retire(recordsBefore: bound, logsBefore: bound)
                    }
                }
                try await group.waitForAll()
            }
            // The runs were begun when the processes that hold them live, which the scene's clock has not come to.
            let history = RunHistory(folder: scene.folder, context: .live()) { _ in }
            #expect(try await history.runs().count == 120)
            #expect(try await scene.history().targets()[.postgres]?.succeeded == 120)
            #expect(scene.warnings == [])
        }
    }
}
