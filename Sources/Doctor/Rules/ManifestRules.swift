import BackupCatalog
import BackupModel
import BackupReports

/// Section 3: manifests that are lost, or cannot be read.
struct ManifestRules {
    let store: StoreCondition
    let holdings: StoreCondition.Holdings
    let others: [StoreCondition]
    /// What runs that have ended may have left.
    let unfinished: Set<String>
    /// Whether a file may be of a run under way, which has no manifest yet.
    let isUnderWay: (StoredObject) -> Bool

    var all: [Diagnosis] { [orphans.first.map(lost)].compactMap { $0 } + holdings.unreadable.map(unreadable) }

    /// What a run that broke off has left never had a manifest, and the files of one that cannot be read are no second loss.
    private var orphans: [StoredObject] {
        let told = holdings.unreadable.compactMap { ArtifactName.manifestID($0.key) }
        return holdings.orphans.filter { orphan in
            guard !unfinished.contains(orphan.key), !isUnderWay(orphan) else { return false }
            return ArtifactName.recoveryPointID(orphan.key).map { !told.contains($0) } ?? false
        }
    }

    private func lost(_ orphan: StoredObject) -> Diagnosis {
        let more = orphans.count - 1
        return Diagnosis(
            .manifestMissing, isNewer(orphan) ? .critical : .warning,
            Bilingual("a backup in \(store.name) has lost its manifest", "у резервной копии в \(store.name) пропал манифест"),
            evidence: Bilingual(
                "no manifest names \(orphan.key)\(more > 0 ? " and \(more) more" : "")",
                "ни один манифест не называет \(orphan.key)\(more > 0 ? " и ещё \(more)" : "")"),
            remedy: restitution(of: orphan),
            subject: .init(store: store.name, point: ArtifactName.recoveryPointID(orphan.key)))
    }

    private func restitution(of orphan: StoredObject) -> Diagnosis.Remedy {
        let id = ArtifactName.recoveryPointID(orphan.key)
        if let other = others.sound(id) {
            return .init(
                "\(other.name) has the backup and gives it back.", "Эта копия есть в \(other.name), манифест вернётся оттуда.",
                "call-center-admin db sync")
        }
        guard let id else {
            return .init(
                "The file can still be restored by its name.", "Файл можно восстановить по его имени.", "call-center-admin db list")
        }
        return SpoiltBackup(id: id, store: store, others: others, isNewest: isNewer(id)).remedy
    }

    private func isNewer(_ orphan: StoredObject) -> Bool {
        ArtifactName.recoveryPointID(orphan.key).map { isNewer($0) } ?? holdings.points.isEmpty
    }

    private func isNewer(_ id: RecoveryPointID) -> Bool { holdings.points.first.map { id > $0.id } ?? true }

    /// It may be sound: only that it could not be fetched, or understood by this version, is known.
    private static let anotherLook = Diagnosis.Remedy(
        "If the store did not answer, look again; a manifest of a later version is read by that version.",
        "Если хранилище не ответило, проверьте ещё раз; манифест более новой версии читает только она.",
        "call-center-admin db list", "call-center-admin storage check")

    private func unreadable(_ manifest: UnreadableManifest) -> Diagnosis {
        Diagnosis(
            .manifestUnreadable, .critical,
            Bilingual(
                "the manifest \(manifest.key) in \(store.name) cannot be read", "манифест \(manifest.key) в \(store.name) не читается"),
            evidence: .said(manifest.reason),
            remedy: remedy(for: manifest),
            subject: .init(store: store.name, point: ArtifactName.manifestID(manifest.key)))
    }

    private func remedy(for manifest: UnreadableManifest) -> Diagnosis.Remedy {
        if manifest.tornIn != nil { return mending(of: manifest) }
        guard let folder = store.folder, manifest.reason.contains("permission denied") else { return Self.anotherLook }
        let (file, sudo) = (Shell.quoted("\(store.name)/\(manifest.key)"), folder.user == 0 ? "" : "sudo ")
        return .init(
            "Let the account that takes the backups read it.", "Разрешите чтение учётной записи, которая делает копии.",
            "\(sudo)chown \(folder.owner) \(file)", "\(sudo)chmod 600 \(file)")
    }

    /// What is known of a far store is a cache, which may be what is torn.
    private func mending(of manifest: UnreadableManifest) -> Diagnosis.Remedy {
        let id = ArtifactName.manifestID(manifest.key)
        if store.kind != .folder {
            return .init(
                "Have it read anew; what is then still missing there is copied from a store that has it.",
                "Перечитайте его; чего и тогда не хватит, будет скопировано из хранилища, где это есть.",
                "call-center-admin catalog rebuild",
                "call-center-admin db sync")
        }
        if let id, others.sound(id) == nil {
            return SpoiltBackup(id: id, store: store, others: others, isNewest: isNewer(id)).remedy
        }
        return .init(
            "Move it away; another store that has the backup then gives it back.",
            "Уберите его; затем его вернёт другое хранилище, где есть эта копия.", store.putAside(manifest.key), "call-center-admin db sync"
        )
    }
}
