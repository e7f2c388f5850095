import BackupEngine
import BackupModel
import BackupTestKit
import Logging
import Synchronization
import SystemPackage

@testable import BackupService

/// A configuration of these settings, with the folders in one of its own.
func withConfiguration<Value: Sendable>(
    _ settings: [String: String] = [:], _ body: (BackupConfiguration, _ folder: String) async throws -> Value
) async throws -> Value {
    try await withTemporaryFolder { folder in
        let environment = ["BACKUP_DIR": "\(folder)/backups", "BACKUP_STATE_DIR": "\(folder)/state"].merging(settings) { $1 }
        let context = RunContext(now: { Instant(secondsSinceEpoch: 0) }, environment: environment, currentFolder: folder.string)
        return try await body(try await BackupConfiguration.load(context: context), folder.string)
    }
}

/// The lines of a log, as a test reads them.
final class WrittenLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func log(_ configuration: BackupConfiguration, now: @escaping @Sendable () -> Instant = { Instant(secondsSinceEpoch: 0) }) -> ServiceLog
    {
        ServiceLog(configuration.service, now: now) { line in self.kept.withLock { $0.append(line) } }
    }
}
