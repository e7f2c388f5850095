package import BackupCatalog
package import BackupModel
import BackupVerification
import ObjectStores
package import Postgres

/// Puts the pieces of a run together; the only place that decides which store and which lock a configuration means.
package struct Assembly: Sendable {
    package let configuration: BackupConfiguration
    package let context: RunContext
    private let store: LocalStore

    package init(_ configuration: BackupConfiguration, context: RunContext) {
        self.configuration = configuration
        self.context = context
        store = LocalStore(root: configuration.backupFolder)
    }

    package var catalog: Catalog { Catalog(store: store) }

    package var locator: BackupLocator { BackupLocator(catalog: catalog, folder: configuration.backupFolder, context: context) }

    package func verification(progress: @escaping ProgressSink) -> RecordedVerification {
        RecordedVerification(configuration: configuration, context: context, progress: progress)
    }

    /// Checks what a backup has just written, as deep as the settings say.
    package func verify(_ manifest: Manifest, progress: @escaping ProgressSink) async throws -> [FileVerdict] {
        guard let level = configuration.verification.flatMap({ VerificationLevel(rawValue: $0.rawValue) }) else { return [] }
        let files = try await locator.files(of: manifest.id.description).filter { $0.artifact?.kind == .postgresDump }
        return try await verification(progress: progress).verify(files, level: level)
    }

    package func restoreRun(
        of backup: LocatedBackup, to place: RestoreRequest.Place, options: RestoreOptions, progress: @escaping ProgressSink
    ) -> RestoreRun {
        let database = backup.artifact?.database ?? ArtifactName.parseDump(backup.key)?.database ?? configuration.databases[0]
        let request = RestoreRequest(
            path: backup.path, id: backup.id, database: database, server: configuration.source, place: place, options: options,
            programFolder: configuration.programFolder
        )
        return RestoreRun(request, context: context, progress: progress)
    }

    package func backupRun(progress: @escaping ProgressSink) -> BackupRun {
        BackupRun(
            BackupRequest(configuration), catalog: catalog, lock: RunLock(folder: configuration.stateFolder), context: context,
            progress: progress
        )
    }
}

extension BackupRequest {
    init(_ configuration: BackupConfiguration) {
        self.init(
            server: configuration.source, databases: configuration.databases, format: configuration.format, jobs: configuration.jobs,
            rateLimit: configuration.rateLimit, lockTimeout: configuration.lockTimeout, stallTimeout: configuration.stallTimeout,
            memoryLimit: Int(clamping: configuration.memoryLimit.bytes), programFolder: configuration.programFolder,
            runLockTimeout: configuration.runLockTimeout
        )
    }
}
