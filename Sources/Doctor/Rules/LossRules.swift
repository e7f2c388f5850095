import BackupCatalog
import BackupModel
import BackupReports

/// Section 3: backups that the history knows to have been stored, and that no store has.
struct LossRules {
    let facts: Examination

    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        let rules = Self(facts: facts)
        // Without the history nobody knows what there was; without a store that answers, what there is.
        guard facts.history == nil, !rules.listed.isEmpty else { return [] }
        return [rules.isBare ? rules.everything : rules.newest].compactMap { $0 }
    }

    private var listed: [StoreCondition] { facts.stores.filter { $0.holdings.value != nil } }
    private var unlisted: [StoreCondition] { facts.stores.filter { $0.holdings.value == nil } }

    /// Files without a manifest are told as that: they are a backup that can be restored.
    private var isBare: Bool {
        let unfinished = facts.unfinished.value ?? []
        return listed.allSatisfy { store in
            guard let held = store.holdings.value else { return true }
            return held.points.isEmpty && held.unreadable.isEmpty
                && held.orphans.allSatisfy { unfinished.contains($0.key) || facts.isUnderWay($0) }
        }
    }

    /// Newest first.
    private var stored: [RunRecord] {
        (facts.service?.runs ?? []).filter { run in
            run.kind == .backup && !run.isUnderWay && run.point != nil && run.outcomes.contains(where: \.succeeded)
        }
    }
}

extension LossRules {
    private var everything: Diagnosis? {
        guard let known else { return nil }
        let held = evidence(of: listed.map { Bilingual("\($0.name) has none", "в \($0.name) нет ни одной") })
        return Diagnosis(
            .backupsGone, .critical,
            Bilingual(
                "every backup is gone: \(known.english), and no store\(asFarAsListed) has one",
                "все резервные копии пропали: \(known.russian)"),
            evidence: held, remedy: search, team: unmounted == nil ? nil : .storage)
    }

    /// What the history has; nil where no backup has succeeded yet.
    private var known: Bilingual? {
        if let first = stored.last {
            return Bilingual(
                "the history knows \(stored.count) since \(first.startedAt.display)",
                "в истории их \(stored.count) с \(first.startedAt.display), в хранилищах ни одной")
        }
        guard let past = facts.service?.history.values, let last = past.compactMap(\.lastSuccess).max() else { return nil }
        let count = past.map(\.succeeded).max() ?? 0
        return Bilingual(
            "the history knows \(max(count, 1)), the last of \(last.display)",
            "в истории их \(max(count, 1)), последняя от \(last.display), в хранилищах ни одной")
    }

    /// Only where nothing but a hand can have removed it.
    private var newest: Diagnosis? {
        guard facts.underWay.isEmpty, let run = stored.first, let id = run.point, !isHeld(id), !mayHaveExpired(run),
            listed.contains(where: { $0.holdings.value?.points.isEmpty == false })
        else { return nil }
        let left = listed.map { store in
            let last = store.holdings.value?.points.first.map { "\($0.id)" }
            return Bilingual(
                "the newest in \(store.name) is \(last ?? "none")", "последняя в \(store.name): \(last ?? "нет ни одной")")
        }
        return Diagnosis(
            .backupsGone, .critical,
            Bilingual(
                "the newest backup is gone: no store\(asFarAsListed) has \(id)",
                "последняя резервная копия пропала: \(id) нет ни в одном \(unlisted.isEmpty ? "хранилище" : "доступном хранилище")"),
            evidence: evidence(of: left), remedy: search, subject: .init(point: id))
    }

    /// Also as files that have lost their manifest, or have one that cannot be read.
    private func isHeld(_ id: RecoveryPointID) -> Bool {
        listed.contains { store in
            guard let held = store.holdings.value else { return false }
            return held.points.contains { $0.id == id } || held.unreadable.contains { ArtifactName.manifestID($0.key) == id }
                || held.orphans.contains { ArtifactName.recoveryPointID($0.key) == id }
        }
    }

    /// No rule lets a backup go within a day; later a pruning may have, or a run that wanted its room.
    private func mayHaveExpired(_ run: RunRecord) -> Bool {
        guard let others = facts.service?.runs else { return true }
        return others.contains { other in
            (other.kind == .pruning || other.kind == .backup) && other.startedAt - run.startedAt > .seconds(86_400)
        }
    }
}

extension LossRules {
    private var asFarAsListed: String { unlisted.isEmpty ? "" : " that could be listed" }

    /// A store that cannot be asked may have what the others lack.
    private func evidence(of stores: [Bilingual]) -> Bilingual {
        let silent = unlisted.map { store in
            Bilingual(
                "\(store.name) could not be listed and may have some",
                "\(store.name): список получить не удалось, копии могут быть там")
        }
        let all = stores + silent
        return Bilingual(all.map(\.english).joined(separator: "; "), all.map(\.russian).joined(separator: "; "))
    }

    /// A folder whose disk is not there: what it held is not gone.
    private var unmounted: StoreCondition? { listed.first { $0.folder?.mount?.isMounted == false } }

    private var search: Diagnosis.Remedy {
        if let unmounted { return MountAdvice(store: unmounted, around: facts.surroundings).finding(isHeldElsewhere: false) }
        let folders = listed.filter { $0.kind == .folder }.map { "findmnt --target \(Shell.quoted($0.name))" }
        return .init(
            "See whether the file system is mounted and the bucket is the right one; sync and prune nothing before.",
            "Проверьте, подключена ли файловая система и тот ли это бакет; до этого ничего не синхронизируйте и не удаляйте.",
            folders + ["call-center-admin config show", "call-center-admin storage check"]
        ).or(
            onlyIf: "all of that is right and the backups are really gone; then find out who removed them",
            "всё это верно и копии действительно пропали; затем выясните, кто их удалил", "call-center-admin db backup")
    }
}
