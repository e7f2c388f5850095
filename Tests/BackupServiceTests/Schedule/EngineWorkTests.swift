import BackupCatalog
import BackupEngine
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import BackupService

@Suite("The engine's work", .timeLimit(.minutes(1)))
struct EngineWorkTests {
    /// What is remembered of a store that is far away lies in the state folder.
    @Test("does not wait for a state folder that hangs while it asks whether a slot is covered, however often")
    func hangingState() async throws {
        try await HangingFilesystem.with { filesystem in
            let settings = [
                "BACKUP_STATE_DIR": filesystem.folder.string, "BACKUP_S3_BUCKET": "backups", "AWS_ACCESS_KEY_ID": "AK",
                "AWS_SECRET_ACCESS_KEY": "SK", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(try FreePort.any())",
            ]
            try await withConfiguration(settings) { configuration, _ in
                let context = HeldClock().context()
                let history = RunHistory(folder: configuration.stateFolder, context: context) { _ in }
                let work = EngineWork(history: history, context: context, logger: WrittenLog().log(configuration).logger)
                try filesystem.hang()
                // More often than the pool has threads.
                for _ in 0..<8 { #expect(await work.covered(configuration) == nil) }
            }
        }
    }
}
