import BackupModel
import GRDB
import Testing

@testable import BackupCatalog

@Suite("What the history says of a target")
struct TargetsTests {
    private let now = HistoryScene.now
    private func hoursAgo(_ hours: Int) -> Instant { now + .seconds(-3600 * hours) }

    private func outcome(_ succeeded: Bool, of target: BackupTarget = .postgres, verified: Bool? = nil) -> TargetOutcome {
        TargetOutcome(target: target, succeeded: succeeded, verified: verified)
    }

    @Test("One that was never saved has no history")
    func never() async throws {
        try await withHistory { scene in
            let targets = try await scene.history().targets()
            #expect(targets == [:])
        }
    }

    @Test("Backups are counted by how they ended; one under way is an attempt and no more, one that died failed")
    func backups() async throws {
        try await withHistory { scene in
            let history = scene.history()
            try await history.save(HistoryScene.run("a", hoursAgo: 9, outcomes: [outcome(true), outcome(true, of: .redis)]))
            try await history.save(HistoryScene.run("b", hoursAgo: 5, outcomes: [outcome(false), outcome(true, of: .redis)]))
            try await history.save(HistoryScene.open("c", startedAt: hoursAgo(3)).buried)
            try await history.save(HistoryScene.open("d", startedAt: hoursAgo(1)))
            let targets = try await history.targets()
            #expect(
                targets[.postgres]
                    == TargetHistory(lastAttempt: hoursAgo(1), lastSuccess: hoursAgo(9) + .seconds(60), succeeded: 1, failed: 2))
            #expect(
                targets[.redis] == TargetHistory(lastAttempt: hoursAgo(5), lastSuccess: hoursAgo(5) + .seconds(60), succeeded: 2, failed: 0)
            )
        }
    }

    @Test("A run that a wrong clock dated into the future hides none of those after it until its time comes")
    func future() async throws {
        try await withHistory { scene in
            let history = scene.history()
            try await history.save(HistoryScene.run("z", hoursAgo: -700, outcomes: [outcome(true, verified: true)]))
            try await history.save(HistoryScene.run("a", hoursAgo: 9))
            try await history.save(HistoryScene.run("b", hoursAgo: 2, outcomes: [outcome(false)]))
            let target = try await history.targets()[.postgres]
            #expect(target?.lastAttempt == hoursAgo(2) && target?.lastSuccess == hoursAgo(9) + .seconds(60) && target?.lastVerified == nil)
            #expect(try await history.runs().map(\.id) == ["b", "a"])
            #expect(try await history.changes(since: nil, begunAfter: hoursAgo(100)).runs.map(\.id).sorted() == ["a", "b"])
        }
    }

    @Test("A failed verification stands until a later one passes, whichever run made it")
    func verifications() async throws {
        try await withHistory { scene in
            let history = scene.history()
            try await history.save(HistoryScene.run("a", hoursAgo: 9, outcomes: [outcome(true, verified: true)]))
            #expect(try await history.targets()[.postgres]?.failedVerification == false)
            try await history.save(HistoryScene.run("b", .verification, hoursAgo: 8, outcomes: [outcome(false, verified: false)]))
            #expect(try await history.targets()[.postgres]?.failedVerification == true)
            try await history.save(HistoryScene.run("c", hoursAgo: 7, outcomes: [outcome(true)]))
            let unproved = try await history.targets()[.postgres]
            #expect(unproved?.failedVerification == true && unproved?.failed == 0 && unproved?.succeeded == 2)
            try await history.save(HistoryScene.run("d", .reverification, hoursAgo: 6, outcomes: [outcome(true, verified: true)]))
            let proved = try await history.targets()[.postgres]
            #expect(proved?.failedVerification == false && proved?.lastVerified == hoursAgo(6) + .seconds(60))
        }
    }

    @Test("Deleting old records takes nothing from the counters, and nothing from what happened last")
    func retired() async throws {
        try await withHistory { scene in
            let history = scene.history()
            try await history.save(HistoryScene.run("a", hoursAgo: 900, outcomes: [outcome(true, verified: false)]))
            try await history.save(HistoryScene.run("b", hoursAgo: 800, outcomes: [outcome(false)]))
            try await history.save(HistoryScene.run("c", hoursAgo: 2, outcomes: [outcome(false)]))
            let before = try await history.targets()
            for bound in [850, 700, 700] { try await history.retire(recordsBefore: hoursAgo(bound), logsBefore: hoursAgo(bound)) }
            #expect(try await history.runs().map(\.id) == ["c"])
            #expect(try await history.targets() == before)
            #expect(before[.postgres]?.lastSuccess == hoursAgo(900) + .seconds(60) && before[.postgres]?.failed == 2)
        }
    }

    @Test("It is answered from indexes alone, however long the history is")
    func indexed() async throws {
        try await withHistory { scene in
            let plan = try await scene.history().read { database in
                try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + RunHistory.targetQuery, arguments: ["target": "redis", "horizon": Int64.max]
                )
                .map { $0["detail"] as String }
            }
            let ofOutcomes = plan.filter { $0.contains(" outcome ") }
            #expect(ofOutcomes.count == 6, "\(plan)")
            for step in ofOutcomes { #expect(step.hasPrefix("SEARCH outcome USING COVERING INDEX"), "\(plan)") }
        }
    }
}

@Suite("Records that changed")
struct ChangesTests {
    private let bound = HistoryScene.now + .seconds(-90 * 86_400)

    @Test("are told once, by whichever process they were written, and so are those that were withdrawn")
    func changes() async throws {
        try await withHistory { scene in
            let (reader, writer) = (scene.history(), scene.history())
            try await writer.save(HistoryScene.run("old", hoursAgo: 100 * 24))
            try await writer.save(HistoryScene.open("a"))
            let first = try await reader.changes(since: nil, begunAfter: bound)
            #expect(first.isWhole && first.runs.map(\.id) == ["a"])
            let second = try await reader.changes(since: first.mark, begunAfter: bound)
            #expect(!second.isWhole && second.runs.isEmpty && second.mark == first.mark)
            try await writer.save(HistoryScene.run("a"))
            try await writer.save(HistoryScene.open("b"))
            try await writer.withdraw("b")
            let third = try await reader.changes(since: second.mark, begunAfter: bound)
            #expect(third.runs == [HistoryScene.run("a")] && third.withdrawn == ["b"])
            #expect(try await reader.changes(since: third.mark, begunAfter: bound).runs.isEmpty)
        }
    }

    @Test("A change is told also after the one before it was deleted for its age")
    func afterRetirement() async throws {
        try await withHistory { scene in
            let history = scene.history()
            try await history.save(HistoryScene.run("a", hoursAgo: 50))
            try await history.save(HistoryScene.run("b", hoursAgo: 49))
            try await history.withdraw("b")
            let mark = try await history.changes(since: nil, begunAfter: bound).mark
            let past = HistoryScene.now + .seconds(-3600)
            try await history.retire(recordsBefore: past, logsBefore: past)
            try await history.save(HistoryScene.run("c"))
            #expect(try await history.changes(since: mark, begunAfter: bound).runs.map(\.id) == ["c"])
            try await history.retire(recordsBefore: past, logsBefore: past)
            #expect(try await history.runs().map(\.id) == ["c"])
            #expect(try await history.targets()[.postgres]?.succeeded == 2)
        }
    }

    @Test("A history that was made anew makes everything known before void")
    func era() async throws {
        try await withTwoHistories { one, other in
            try await one.history().save(HistoryScene.run("a"))
            let mark = try await one.history().changes(since: nil, begunAfter: bound).mark
            try await other.history().save(HistoryScene.run("b"))
            let changes = try await other.history().changes(since: mark, begunAfter: bound)
            #expect(changes.isWhole && changes.runs.map(\.id) == ["b"])
        }
    }

    private func withTwoHistories(_ body: (HistoryScene, HistoryScene) async throws -> Void) async throws {
        try await withHistory { one in try await withHistory { try await body(one, $0) } }
    }
}
