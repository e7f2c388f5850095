import BackupCatalog
import BackupModel
import BackupTestKit
import BackupVerification
import Testing

@testable import BackupEngine

@Suite("A proof that waits for another one", .timeLimit(.minutes(5)))
struct FollowingProofTests {
    @Test(
        "waits for one that hangs as long as the settings say, and says so",
        arguments: [
            ("BACKUP_STALL_TIMEOUT", "; it has told of no progress for 2 s"), ("BACKUP_RUN_LOCK_TIMEOUT", "; waited 2 s for it"),
        ])
    func hung(setting: String, words: String) async throws {
        try await withMachine(environment: ["BACKUP_DIR": "backups", setting: "2s"]) { machine in
            var context = machine.context
            context.clock = SteppingClock(limit: .seconds(1))
            let assembly = try Assembly(try await machine.load(), context: context)
            let stateFolder = assembly.configuration.stateFolder
            let run = RunRecord(
                id: "20260214T010000Z-1", kind: .verification, trigger: .person, host: context.host, process: ProcessID.own,
                startedAt: context.now())
            let log = try RunLog(of: run, in: RunLogs(stateFolder: stateFolder))
            let proof = assembly.followingProof(progress: { _ in }, watched: { _, _ in })
            var holder = context
            holder.run = run.id
            let lock = RunLock.ofProofs(stateFolder: stateFolder)
            let error = await #expect(throws: BackupError.self) {
                try await lock.withLock(purpose: "a proof by restore", patience: .zero, context: holder) {
                    try await proof([], VerificationOrder(.level(.restore)))
                }
            }
            #expect(error?.code == .lockHeld && error?.message.hasSuffix(words) == true, "\(error?.message ?? "")")
            withExtendedLifetime(log) {}
        }
    }
}
