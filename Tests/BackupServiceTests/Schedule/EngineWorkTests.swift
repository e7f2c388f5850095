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
