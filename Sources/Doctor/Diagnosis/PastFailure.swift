import BackupModel
import BackupReports

extension Diagnosis {
    /// A failure that nothing found now accounts for, where what it failed for was looked at: then only the backup is left to be taken.
    func asOfNow(_ facts: Examination) -> Diagnosis {
        guard code == .failed, let failure = subject.failure, let what = PastFailure(facts: facts, target: subject.target).mended(failure)
        else { return self }
        var diagnosis = self
        diagnosis.remedy = Remedy(
            "What it failed for is no longer there (\(what.english)): take a backup now.",
            "Того, из-за чего он не удался, больше нет (\(what.russian)): сделайте backup сейчас.", "call-center-admin db backup")
        return diagnosis
    }
}

/// What can be said today of what a run failed for.
private struct PastFailure {
    let facts: Examination
    let target: BackupTarget?

    /// What is well again; nil where that was not looked at, or cannot be.
    func mended(_ failure: BackupError.Code) -> Bilingual? {
        switch failure {
        case .sourceUnreachable, .authenticationFailed, .databaseMissing, .permissionDenied, .versionMismatch: source
        case .storeFailed, .storeReadOnly: stores
        case .outOfSpace: disks
        case .invalidConfiguration: Bilingual("the settings can be used", "настройки пригодны")
        // These are told by a run alone.
        case .failed, .verificationFailed, .suspicious, .reuseDiffered, .artifactMissing, .objectLocked, .invalidUsage, .lockHeld,
            .partlyDone,
            .targetExists, .stalled:
            nil
        }
    }

    private var source: Bilingual? {
        switch target {
        case .postgres: isPostgresWell ? answers(.postgres) : nil
        case .redis: facts.redis?.servers.value == nil ? nil : answers(.redis)
        case nil: nil
        }
    }

    private var isPostgresWell: Bool {
        guard let postgres = facts.postgres else { return false }
        return postgres.server.value != nil && postgres.databases.allSatisfy { $0.contents.value != nil }
    }

    private func answers(_ target: BackupTarget) -> Bilingual {
        Bilingual("\(target.name) answers and lets us in", "\(target.name) отвечает и впускает нас")
    }

    /// A bucket that can be listed need not take files.
    private var stores: Bilingual? {
        let areWell = !facts.stores.isEmpty && facts.stores.allSatisfy { $0.holdings.value != nil && $0.folder?.mayWrite == true }
        return areWell ? Bilingual("its folder can be written to", "в папку можно писать") : nil
    }

    /// Buckets do not say how much they have room for.
    private var disks: Bilingual? {
        guard let disks = facts.service?.disks, !disks.isEmpty, facts.stores.allSatisfy({ $0.kind == .folder }),
            SpaceRules.all(facts).isEmpty
        else { return nil }
        return Bilingual("the disk has room", "место на диске есть")
    }
}
