import BackupCatalog
import BackupModel
import BackupReports

/// Section 3: what lies in the stores.
enum FileRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        facts.stores.flatMap { store -> [Diagnosis] in
            guard let holdings = store.holdings.value else { return [] }
            let unfinished = facts.unfinished.value ?? []
            let others = facts.stores.filter { $0.name != store.name }
            let manifests = ManifestRules(
                store: store, holdings: holdings, others: others, unfinished: unfinished, isUnderWay: { facts.isUnderWay($0) })
            return emptied(store, holdings, facts) + manifests.all
                + CopyRules(store: store, holdings: holdings, others: others).all
                + ContradictionRules(store: store, points: facts.service?.points ?? []).all
                + LinkRules(store: store, holdings: holdings).all + rights(store) + leftovers(holdings, unfinished, store)
                + hidden(store)
        }
    }
}

extension FileRules {
    private static func emptied(_ store: StoreCondition, _ holdings: StoreCondition.Holdings, _ facts: Examination) -> [Diagnosis] {
        let others = facts.stores.filter { $0.name != store.name }.flatMap { $0.holdings.value?.points ?? [] }
        let held = Set(holdings.points.map(\.id) + holdings.unreadable.compactMap { ArtifactName.manifestID($0.key) })
        guard let emptied = EmptiedStore(store.name, points: others, held: held) else { return [] }
        let count = emptied.lost.count
        return [
            Diagnosis(
                .storeEmptied, .critical,
                Bilingual("\(store.name) has lost what it held", "\(store.name): всё, что там хранилось, пропало"),
                evidence: Bilingual(
                    "it lacks \(count) backups that others know it had, and has none that is older",
                    "нет резервных копий, которые там были: \(count); более старых тоже нет"),
                remedy: MountAdvice(store: store, around: facts.surroundings).refilling,
                subject: .init(store: store.name))
        ]
    }

    private static func rights(_ store: StoreCondition) -> [Diagnosis] {
        guard let folder = store.folder else { return [] }
        return [
            folder.openFiles.first.map { readable($0, more: folder.openFiles.count - 1, store) },
            folder.foreignFiles.first.map { foreign($0, more: folder.foreignFiles.count - 1, folder, store) },
        ].compactMap { $0 }
    }

    private static func readable(_ file: OpenFile, more: Int, _ store: StoreCondition) -> Diagnosis {
        Diagnosis(
            .filesReadable, .warning,
            Bilingual("others may read backups in \(store.name)", "резервные копии в \(store.name) доступны другим пользователям"),
            evidence: Bilingual(quoting: "\(file.path): \(file.octal)\(and(more))"),
            remedy: .init(
                "Take the rights of others away.", "Уберите права остальных пользователей.", OwnFiles.closing(store.name)),
            subject: .init(store: store.name))
    }

    private static func foreign(
        _ file: String, more: Int, _ folder: StoreCondition.Folder, _ store: StoreCondition
    ) -> Diagnosis {
        Diagnosis(
            .filesForeign, .warning,
            Bilingual(
                "backups in \(store.name) belong to somebody else", "резервные копии в \(store.name) принадлежат другому пользователю"),
            evidence: Bilingual(quoting: "\(file)\(and(more))"),
            remedy: .init(
                "Give them to the owner of the folder.", "Передайте их владельцу папки.",
                // Only root may give files away.
                "\(folder.user == 0 ? "" : "sudo ")chown -R \(folder.owner) \(Shell.quoted(store.name))"),
            subject: .init(store: store.name))
    }

    private static func leftovers(_ holdings: StoreCondition.Holdings, _ unfinished: Set<String>, _ store: StoreCondition) -> [Diagnosis] {
        let begun = (store.begun?.value ?? []).filter(unfinished.contains)
        // What a lock keeps nobody can remove before it ends: the next backup after that does.
        let whole = holdings.orphans.map(\.key).filter { unfinished.contains($0) && store.locked[$0] == nil }
        let found = whole + begun + (store.folder?.unfinishedFiles ?? [])
        guard let first = found.first else { return [] }
        return [
            Diagnosis(
                .leftovers, .warning,
                Bilingual("a run that broke off has left files in \(store.name)", "прерванный запуск оставил файлы в \(store.name)"),
                evidence: Bilingual(quoting: "\(first)\(and(found.count - 1))"),
                remedy: .init(
                    "The next backup removes them; so does the doctor.", "Их удалит следующий backup; может удалить и doctor.",
                    "call-center-admin doctor --fix"), subject: .init(store: store.name))
        ]
    }

    /// What nobody sees nobody removes: it is not taken for nothing.
    private static func hidden(_ store: StoreCondition) -> [Diagnosis] {
        guard let trouble = store.begun?.trouble, trouble.kind == .denied else { return [] }
        return [
            Diagnosis(
                .leftoversHidden, .warning,
                Bilingual(
                    "what broken-off uploads have left in \(store.name) cannot be seen",
                    "не видно, что осталось в \(store.name) от прерванных загрузок"),
                evidence: trouble.words,
                remedy: .init(
                    "Grant s3:ListBucketMultipartUploads on the bucket: without it they are neither told of nor removed, and take up room.",
                    "Выдайте право s3:ListBucketMultipartUploads на бакет: без него они не видны, не удаляются и занимают место.",
                    "call-center-admin storage check"), subject: .init(store: store.name))
        ]
    }

    private static func and(_ more: Int) -> String { more > 0 ? " (+\(more))" : "" }
}
