import BackupCatalog
import BackupEngine
import BackupModel
import BackupTestKit
import Testing

@testable import BackupService

@Suite("The engine's work", .timeLimit(.minutes(5)))
struct EngineWorkTests {
    @Test("does not wait for a state folder that hangs while it asks whether a slot is covered, however often")
    func asking() async throws {
        try await withHangingState { configuration, filesystem in
            let work = work(configuration)
            try filesystem.hang()
            // More often than the pool has threads.
            for _ in 0..<8 { #expect(await work.covered(configuration) == nil) }
            let standing = await work.check(configuration)
            #expect(standing == .unknown)
        }
    }

    @Test("does not know whether a backup is to be checked while a process of this host is taking one, or is still proving it")
    func proving() async throws {
        try await withConfiguration { configuration, folder in
            try await Command("mkdir", ["-p", folder + "/backups"]).output()
            let context = RunContext.live()
            let history = RunHistory(folder: configuration.stateFolder, context: context) { _ in }
            let work = EngineWork(history: history, context: context, logger: WrittenLog().log(configuration).logger)
            let before = await work.check(configuration)
            #expect(before == .settled)
            let now = context.now()
            let run = RunRecord(
                id: RunRecord.newID(at: now), kind: .backup, trigger: .person, host: context.host, process: 1, startedAt: now)
            try await history.save(run)
            let log = try RunLog(of: run, in: history.logs)
            let during = await work.check(configuration)
            #expect(during == .unknown)
            withExtendedLifetime(log) {}
        }
    }

    @Test("fails a run whose state folder does not answer, and says which one it is")
    func performing() async throws {
        try await withHangingState { configuration, filesystem in
            let work = work(configuration)
            try filesystem.hang()
            let errand = Errand(.backup, RunOccasion(.person, id: "x"), reason: "somebody asked for it")
            guard case .ended(let outcomes, let failure?) = await work.perform(errand, configuration) else {
                Issue.record("it did not fail")
                return
            }
            #expect(outcomes.isEmpty && failure.code == .stalled && failure.message.contains(configuration.stateFolder), "\(failure)")
        }
    }

    /// By a clock on which what is waited for takes too long at once.
    private func work(_ configuration: BackupConfiguration) -> EngineWork {
        let context = HeldClock().context()
        let history = RunHistory(folder: configuration.stateFolder, context: context) { _ in }
        return EngineWork(history: history, context: context, logger: WrittenLog().log(configuration).logger)
    }
}
