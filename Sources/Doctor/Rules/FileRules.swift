import BackupCatalog
import BackupModel
import BackupReports

/// Section 3: what lies in the stores.
enum FileRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] { facts.stores.flatMap { of($0, facts) } }

    private static func of(_ store: StoreCondition, _ facts: Examination) -> [Diagnosis] {
        guard let holdings = store.holdings.value else { return [] }
        let unfinished = facts.unfinished.value ?? []
        return manifests(holdings, unfinished, store) + artifacts(holdings, store) + damaged(holdings, store, facts)
            + links(holdings, store) + rights(store)
            + leftovers(holdings, unfinished, store)
    }

    /// What a run that broke off has left never had a manifest.
    private static func manifests(
        _ holdings: StoreCondition.Holdings, _ unfinished: Set<String>, _ store: StoreCondition
    ) -> [Diagnosis] {
        // The files of one that cannot be read are no second loss.
        let told = holdings.unreadable.compactMap { ArtifactName.manifestID($0.key) }
        let ours = holdings.orphans.filter { orphan in
            !unfinished.contains(orphan.key) && ArtifactName.recoveryPointID(orphan.key).map { !told.contains($0) } ?? false
        }
        let lost = ours.first.map { orphan in
            Diagnosis(
                .manifestMissing, isNewer(orphan, than: holdings.points.first) ? .critical : .warning,
                Bilingual("a backup in \(store.name) has lost its manifest", "у резервной копии в \(store.name) пропал манифест"),
                evidence: Bilingual(
                    "no manifest names \(orphan.key)\(ours.count > 1 ? " and \(ours.count - 1) more" : "")",
                    "ни один манифест не называет \(orphan.key)\(ours.count > 1 ? " и ещё \(ours.count - 1)" : "")"),
                remedy: .init(
                    "Another store that has the backup gives it back; where none has, the file can still be restored by its name.",
                    "Его вернёт другое хранилище, где есть эта копия; если такого нет, файл можно восстановить по его имени.",
                    "call-center-admin db sync", "call-center-admin db list", "call-center-admin db backup"),
                subject: .init(store: store.name))
        }
        let unreadable = holdings.unreadable.map { manifest in
            Diagnosis(
                .manifestUnreadable, .critical,
                Bilingual(
                    "the manifest \(manifest.key) in \(store.name) cannot be read", "манифест \(manifest.key) в \(store.name) не читается"),
                evidence: Bilingual(quoting: manifest.reason),
                remedy: .init(
                    "Move it away; another store that has the backup then gives it back.",
                    "Уберите его; затем его вернёт другое хранилище, где есть эта копия.",
                    store.kind == .folder ? "mv \(Shell.quoted("\(store.name)/\(manifest.key)")) /var/tmp/" : "call-center-admin db list",
                    "call-center-admin db sync"), subject: .init(store: store.name))
        }
        return [lost].compactMap { $0 } + unreadable
    }

    private static func isNewer(_ orphan: StoredObject, than point: RecoveryPoint?) -> Bool {
        guard let point else { return true }
        return ArtifactName.recoveryPointID(orphan.key).map { $0 > point.id } ?? false
    }

    /// The newest backup matters most; an older one is a warning.
    private static func artifacts(_ holdings: StoreCondition.Holdings, _ store: StoreCondition) -> [Diagnosis] {
        holdings.points.flatMap { point in
            let severity: Severity = point.id == holdings.points.first?.id ? .critical : .warning
            let missing = point.missing.isEmpty ? nil : Self.missing(point, severity, store)
            let changed = point.resized.isEmpty ? nil : Self.changed(point, severity, store)
            return [missing, changed].compactMap { $0 }
        }
    }

    /// Copies with a verdict against them, which a later proof of another copy would hide. While a verification stands as failed, that is told.
    private static func damaged(_ holdings: StoreCondition.Holdings, _ store: StoreCondition, _ facts: Examination) -> [Diagnosis] {
        guard facts.service?.history.values.contains(where: \.failedVerification) != true else { return [] }
        let others = facts.stores.filter { $0.name != store.name }.flatMap { $0.holdings.value?.points ?? [] }
        return holdings.points.filter { $0.condition == .verificationFailed }.map { point in
            failed(point, store, hasSoundCopy: others.contains { $0.id == point.id && $0.isSound })
        }
    }

    private static func failed(_ point: RecoveryPoint, _ store: StoreCondition, hasSoundCopy: Bool) -> Diagnosis {
        let keys = point.copies.flatMap { $0.damaged ?? [] }.joined(separator: ", ")
        return Diagnosis(
            .artifactChanged, .warning,
            Bilingual(
                "the copy of the backup \(point.id) in \(store.name) is damaged",
                "экземпляр резервной копии \(point.id) в \(store.name) повреждён"),
            evidence: Bilingual("its verification failed: \(keys)", "проверка не прошла: \(keys)"),
            remedy: hasSoundCopy
                ? .init(
                    "Another store has a copy nothing bad is known of: check it; when it passes, delete the damaged file here and have it copied anew.",
                    "В другом хранилище есть копия, о которой не известно ничего плохого: проверьте её; если она цела, удалите повреждённый файл здесь "
                        + "и скопируйте его заново.",
                    "call-center-admin db verify-backup \(point.id)", "call-center-admin db sync")
                : .init(
                    "Keep the file, and take a new backup.", "Сохраните файл и сделайте новый backup.", "call-center-admin db backup",
                    "call-center-admin db list"),
            subject: .init(store: store.name, point: point.id))
    }

    private static func missing(_ point: RecoveryPoint, _ severity: Severity, _ store: StoreCondition) -> Diagnosis {
        Diagnosis(
            .artifactMissing, severity,
            Bilingual(
                "files of the backup \(point.id) are missing in \(store.name)", "в \(store.name) нет файлов резервной копии \(point.id)"),
            evidence: Bilingual(quoting: point.missing.joined(separator: ", ")),
            remedy: .init(
                "Take them from another store, or take another backup.", "Возьмите их из другого хранилища или сделайте новый backup.",
                "call-center-admin db sync", "call-center-admin db backup"),
            subject: .init(store: store.name, point: point.id))
    }

    private static func changed(_ point: RecoveryPoint, _ severity: Severity, _ store: StoreCondition) -> Diagnosis {
        Diagnosis(
            .artifactChanged, severity,
            Bilingual(
                "files of the backup \(point.id) in \(store.name) are not as they were stored",
                "файлы резервной копии \(point.id) в \(store.name) изменились после записи"),
            evidence: Bilingual(
                "the size is another one: \(point.resized.joined(separator: ", "))",
                "другой размер: \(point.resized.joined(separator: ", "))"),
            remedy: .init(
                "See what is left of it, and take another backup.", "Проверьте, что от неё осталось, и сделайте новый backup.",
                "call-center-admin db verify-backup \(point.id)", "call-center-admin db backup"),
            subject: .init(store: store.name, point: point.id))
    }
}

extension FileRules {
    private static func links(_ holdings: StoreCondition.Holdings, _ store: StoreCondition) -> [Diagnosis] {
        let dangling = holdings.links.filter(\.isDangling)
        let stale = holdings.links.filter { !$0.isDangling && $0.newer != nil }
        return [
            dangling.first.map { link in
                Diagnosis(
                    .linkDangling, .warning,
                    Bilingual("\(link.name) in \(store.name) leads nowhere", "ссылка \(link.name) в \(store.name) никуда не ведёт"),
                    evidence: Bilingual(
                        "there is no \(link.target)\(others(dangling, "; the same of "))",
                        "нет файла \(link.target)\(others(dangling, "; то же: "))"),
                    remedy: relink(link, holdings, store), subject: .init(store: store.name))
            },
            stale.first.map { link in
                Diagnosis(
                    .linkStale, .warning,
                    Bilingual(
                        "\(link.name) in \(store.name) is not the newest backup",
                        "ссылка \(link.name) в \(store.name) ведёт не на последнюю копию"),
                    evidence: Bilingual(
                        "it leads to \(link.target), and \(link.newer.map { "\($0)" } ?? "") is newer\(others(stale, "; the same of "))",
                        "она ведёт на \(link.target), а новее \(link.newer.map { "\($0)" } ?? "")\(others(stale, "; то же: "))"),
                    remedy: relink(link, holdings, store), subject: .init(store: store.name))
            },
        ].compactMap { $0 }
    }

    private static func others(_ links: [StoreCondition.Link], _ words: String) -> String {
        links.count > 1 ? words + links.dropFirst().map(\.name).joined(separator: ", ") : ""
    }

    /// By hand where the newest backup is whole; else the next backup makes the links.
    private static func relink(_ link: StoreCondition.Link, _ holdings: StoreCondition.Holdings, _ store: StoreCondition)
        -> Diagnosis.Remedy
    {
        let newest = holdings.points.first { $0.isSound }
        guard let key = newest.flatMap({ link.counterpart(in: $0) }) else {
            return .init(
                "The next backup makes the links anew.", "Следующий backup создаст ссылки заново.", "call-center-admin db backup")
        }
        return .init(
            "Let it name the newest backup; the next one does that by itself.",
            "Направьте её на последнюю копию; следующий backup сделает это сам.",
            "ln -sfn \(Shell.quoted(key)) \(Shell.quoted("\(store.name)/\(link.name)"))")
    }

    private static func rights(_ store: StoreCondition) -> [Diagnosis] {
        guard let folder = store.folder else { return [] }
        return [
            folder.openFiles.first.map { file in
                Diagnosis(
                    .filesReadable, .warning,
                    Bilingual("others may read backups in \(store.name)", "резервные копии в \(store.name) доступны другим пользователям"),
                    evidence: Bilingual(
                        quoting: "\(file.path): \(file.octal)\(folder.openFiles.count > 1 ? " (+\(folder.openFiles.count - 1))" : "")"),
                    remedy: .init(
                        "Take the rights of others away.", "Уберите права остальных пользователей.",
                        "chmod -R go-rwx \(Shell.quoted(store.name))"),
                    subject: .init(store: store.name))
            },
            folder.foreignFiles.first.map { file in
                Diagnosis(
                    .filesForeign, .warning,
                    Bilingual(
                        "backups in \(store.name) belong to somebody else",
                        "резервные копии в \(store.name) принадлежат другому пользователю"),
                    evidence: Bilingual(quoting: "\(file)\(folder.foreignFiles.count > 1 ? " (+\(folder.foreignFiles.count - 1))" : "")"),
                    remedy: .init(
                        "Give them to the owner of the folder.", "Передайте их владельцу папки.",
                        "chown -R \(folder.owner) \(Shell.quoted(store.name))"),
                    subject: .init(store: store.name))
            },
        ].compactMap { $0 }
    }
}

extension FileRules {
    private static func leftovers(_ holdings: StoreCondition.Holdings, _ unfinished: Set<String>, _ store: StoreCondition) -> [Diagnosis] {
        let found = holdings.orphans.map(\.key).filter(unfinished.contains) + (store.folder?.unfinishedFiles ?? [])
        guard let first = found.first else { return [] }
        return [
            Diagnosis(
                .leftovers, .warning,
                Bilingual("a run that broke off has left files in \(store.name)", "прерванный запуск оставил файлы в \(store.name)"),
                evidence: Bilingual(quoting: "\(first)\(found.count > 1 ? " (+\(found.count - 1))" : "")"),
                remedy: .init(
                    "The next backup removes them; so does the doctor.", "Их удалит следующий backup; может удалить и doctor.",
                    "call-center-admin doctor --fix"), subject: .init(store: store.name))
        ]
    }
}

extension StoreCondition.Link {
    /// The file of a backup that this link has to name.
    fileprivate func counterpart(in point: RecoveryPoint) -> String? {
        if name == LatestAliases.manifest { return ArtifactName.manifest(point.id) }
        let ending = name.dropFirst("latest".count)
        let files = point.manifest.artifacts.map(\.key).filter { $0.hasSuffix(ending) && !$0.hasPrefix("globals-") }
        return files.count == 1 ? files[0] : nil
    }
}
