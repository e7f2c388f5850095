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
                "call-center-admin db sync"
            ).or(copying: id, from: other, into: store)
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
        if let own = manifest.isOf { return restitution(of: manifest, to: own) }
        if manifest.tornIn != nil { return mending(of: manifest) }
        guard let folder = store.folder, manifest.reason.contains("permission denied") else { return Self.anotherLook }
        let (file, sudo) = (Shell.quoted("\(store.name)/\(manifest.key)"), folder.user == 0 ? "" : "sudo ")
        return .init(
            "Let the account that takes the backups read it.", "Разрешите чтение учётной записи, которая делает копии.",
            "\(sudo)chown \(folder.owner) \(file)", "\(sudo)chmod 600 \(file)")
    }

    /// Of one that is another backup's. Where no store has that of the backup it is named by, its files are restored by their names.
    private func restitution(of manifest: UnreadableManifest, to own: RecoveryPointID) -> Diagnosis.Remedy {
        if let other = others.sound(ArtifactName.manifestID(manifest.key)) {
            return .init(
                "It is that of \(own). \(other.name) has the right one, which is written over it once the files beside it are proved to be its own.",
                "Это манифест копии \(own). Правильный есть в \(other.name): он будет записан вместо этого, когда файлы рядом пройдут сверку с ним.",
                "call-center-admin db sync"
            ).or(copying: ArtifactName.manifestID(manifest.key), from: other, into: store)
        }
        if holdings.points.contains(where: { $0.id == own }) {
            return .init(
                "It is that of \(own), which has one: put it aside. The files of the backup it is named by can still be restored by their names.",
                "Это манифест копии \(own), у которой он есть: уберите его. Файлы копии, именем которой он назван, можно восстановить по их именам.",
                store.putAside(manifest.key), "call-center-admin db list")
        }
        return renaming(of: manifest, to: own)
    }

    /// Gives the only manifest of a backup its own name. What lies under that and cannot be read is no better one, and makes room.
    private func renaming(of manifest: UnreadableManifest, to own: RecoveryPointID) -> Diagnosis.Remedy {
        let name = ArtifactName.manifest(own)
        let rename = store.rename(manifest.key, to: name)
        guard let taker = holdings.unreadable.first(where: { $0.key == name }) else {
            return .init(
                "It is that of \(own): give it its own name back. The files of the backup it was named by can still be restored by their names.",
                "Это манифест копии \(own): верните ему его имя. Файлы копии, именем которой он был назван, можно восстановить по их именам.",
                rename, "call-center-admin db list")
        }
        guard taker.tornIn != nil else { return Self.anotherLook }
        return .init(
            "It is the only readable one of \(own): put aside what lies under its name and cannot be read, and give it that name back.",
            "Это единственный читаемый манифест копии \(own): уберите нечитаемый файл под его именем и верните ему это имя.",
            store.putAside(name), rename, "call-center-admin db list")
    }

    /// What is known of a far store is a cache, which may be what is torn.
    private func mending(of manifest: UnreadableManifest) -> Diagnosis.Remedy {
        let id = ArtifactName.manifestID(manifest.key)
        let spoilt = id.flatMap { id in
            others.sound(id) == nil ? SpoiltBackup(id: id, store: store, others: others, isNewest: isNewer(id)).remedy : nil
        }
        let other = others.sound(id)
        if store.kind != .folder { return reread(orElse: spoilt).or(copying: id, from: other, into: store) }
        if let spoilt { return spoilt }
        return Diagnosis.Remedy(
            "Move it away; another store that has the backup then gives it back.",
            "Уберите его; затем его вернёт другое хранилище, где есть эта копия.", store.putAside(manifest.key), "call-center-admin db sync"
        ).or(copying: id, from: other, into: store)
    }

    /// - Parameter spoilt: what is done where no other store has the backup, and the manifest is no better for it.
    private func reread(orElse spoilt: Diagnosis.Remedy?) -> Diagnosis.Remedy {
        guard let spoilt else {
            return .init(
                "Have it read anew; what is then still missing there is copied from a store that has it.",
                "Перечитайте его; чего и тогда не хватит, будет скопировано из хранилища, где это есть.",
                "call-center-admin catalog rebuild",
                "call-center-admin db sync")
        }
        return Diagnosis.Remedy("Have it read anew.", "Перечитайте его.", "call-center-admin catalog rebuild", "call-center-admin db list")
            .or(
                onlyIf: "it cannot be read then either, and no other store has the backup",
                "он и тогда не читается, а в других хранилищах этой копии нет", spoilt.commands)
    }
}

extension Diagnosis.Remedy {
    /// For files that are not those of the backup they are named by: whatever the manifest, nothing is written over them.
    fileprivate func or(copying id: RecoveryPointID?, from other: StoreCondition?, into store: StoreCondition) -> Self {
        guard let id, let other else { return self }
        // What is put aside is so only when the other copy has passed, also where all of this is pasted at once.
        let check = "call-center-admin db verify-backup \(Shell.quoted("\(other.name)/\(id)"))"
        return or(
            onlyIf: "`db sync` says that what lies there is not that backup", "`db sync` сообщает, что там лежит не эта копия",
            "\(check) && \(store.putAside(id))", "call-center-admin db sync")
    }
}
