import BackupCatalog
package import BackupModel
import BackupVerification
package import Doctor
import ObjectStores

/// Carries out what the doctor can do by himself: by the engine's own runs, which take their lock and are recorded as ever, or under the run lock.
package struct RepairRun: Sendable {
    private let assembly: Assembly
    private let progress: ProgressSink

    package init(_ assembly: Assembly, progress: @escaping ProgressSink) {
        self.assembly = assembly
        self.progress = progress
    }

    /// - Throws: what the run throws, or the failure it ended with; `.lockHeld` where another run is at work.
    package func callAsFunction(_ repair: Repair) async throws {
        switch repair {
        case .prune: if let failure = try await assembly.prune(PruneRun.Order(), progress: progress).failure { throw failure }
        case .sync: if let failure = try await assembly.sync(refillsEmptied: false, progress: progress).failure { throw failure }
        case .rebuildCatalog:
            if let failure = try await assembly.rebuildCatalog().compactMap(\.failure).first { throw failure }
        case .backUp: try await backUp()
        case .startService(let unit): try await SystemdUnit(name: unit, path: assembly.context.environment["PATH"]).start()
        case .startProgram(let path, _, _):
            try await ServiceProgram(path: path, configuration: assembly.configuration).start(in: assembly.context)
        case .startStopped(let program, let command):
            let (configuration, context) = (assembly.configuration, assembly.context)
            try await ManagedProgram(program: program, command: command, configuration: configuration, context: context).start()
        case .closeSettings(let path): try FilePermissions.close(path, to: 0o007)
        case .closeFiles(let store): try await onFiles { try FolderRepair(root: store).closeFiles() }
        case .returnFiles(let store): try await onFiles { try FolderRepair(root: store).returnFiles() }
        case .openFolder(let store): try await onFiles { try FilePermissions.open(store, for: 0o700) }
        case .link(let store): try await underLock { try await link(store) }
        case .removeLeftovers: try await underLock { try await assembly.removeLeftovers(progress: progress) }
        }
    }

    private func onFiles(_ body: @escaping @Sendable () throws -> Void) async throws { try await underLock { try await blocking(body) } }

    private func underLock(_ body: () async throws -> Void) async throws {
        let configuration = assembly.configuration
        try await RunLock(folder: configuration.stateFolder).withLock(
            purpose: "doctor --fix", patience: configuration.runLockTimeout, context: assembly.context, body)
    }
}

extension RepairRun {
    /// Verified as deep as the settings say, and by its content where they say nothing.
    private func backUp() async throws {
        let outcome = try await assembly.backUp(progress: progress)
        if let failure = outcome.failure { throw failure }
        guard assembly.configuration.verification.policy == .none else { return }
        let files = try await assembly.locator.files(of: outcome.point.id.description)
        if let failure = try await assembly.verify(files, VerificationOrder(.level(.content)), progress: progress).failure { throw failure }
    }

    private func link(_ name: String) async throws {
        guard let catalog = assembly.catalogs.catalog(of: name) else { return }
        guard let newest = try await catalog.list().points.first(where: \.isSound) else { return }
        try await LatestAliases(store: catalog.store, now: assembly.context.now()).follow(
            newest.manifest, database: assembly.configuration.mainDatabase)
    }
}
