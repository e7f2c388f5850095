import BackupCatalog
import BackupModel
import BackupReports

/// Which finding is mended by what.
struct RepairRules {
    let facts: Examination
    let roots: [Diagnosis]

    /// In the order they are to be carried out, each once.
    var steps: [RepairPlan.Step] {
        let wanted = roots.flatMap(ofRoot)
        let steps = wanted.map(\.repair).withoutRepetitions.map { repair in
            RepairPlan.Step(repair: repair, findings: wanted.filter { $0.repair == repair }.map(\.code).withoutRepetitions)
        }
        let held = self.held
        let possible = steps.filter { !held.contains($0.repair) }
        return possible.enumerated().sorted { ($0.element.repair.rank, $0.offset) < ($1.element.repair.rank, $1.offset) }.map(\.element)
    }

    /// What comes of a cause that nobody here can mend would come of it again.
    private func ofRoot(_ root: Diagnosis) -> [(repair: Repair, code: DiagnosisCode)] {
        let own = repairs(for: root)
        guard !own.isEmpty else { return [] }
        return ([root] + root.consequences).flatMap { finding in repairs(for: finding).map { ($0, finding.code) } }
    }

    /// What would be done for nothing, or in the wrong place: a folder that is not the one, a disk that is not mounted.
    private var held: [Repair] {
        var held: [Repair] = []
        // Whoever holds the lock of runs turns it away.
        if hasHopelessSource || roots.contains(where: { $0.code == .lockForeign }) { held.append(.backUp) }
        let all = roots.flatMap { [$0] + $0.consequences }
        if all.contains(where: { $0.code == .settingUnknown }) { held += [.sync, .prune] }
        // Ages and dates mean nothing then, and stores refuse what such a clock signs.
        if all.contains(where: \.isOfClock) { held += [.sync, .prune, .backUp] }
        // Of one that is gone a new one is taken.
        if all.contains(where: { $0.code == .backupsGone && $0.subject.point == nil }) { held += [.sync, .prune, .backUp] }
        return held
    }

    /// Where a source or the settings are in the way no backup can come about.
    private var hasHopelessSource: Bool {
        roots.contains { $0.gravity == .critical && repairs(for: $0).isEmpty && [.postgres, .redis, .configuration].contains($0.section) }
    }
}

extension RepairRules {
    private func repairs(for finding: Diagnosis) -> [Repair] {
        switch finding.code {
        case .diskFull, .inodesFull, .diskGrowth: mayPrune ? [.prune] : []
        case .serviceStopped:
            facts.process?.unit.map { [.startService(unit: $0)] }
                ?? facts.process?.program.map { [program($0)] } ?? start(.backup)
        // One that answers beside it may be the one that is meant.
        case .postgresDown: facts.postgres?.neighbours.isEmpty == true ? start(.postgres) : []
        case .redisDown: start(.redis)
        case .secretReadable: facts.configuration.openFiles.map { .closeSettings(path: $0.path) }
        case .leftovers: [.removeLeftovers]
        case .missingCopies: lacksCopies ? [.sync] : []
        case .failed, .overdue, .scheduleMissing, .neverSucceeded, .lackingTarget, .verificationFailed: [.backUp]
        default: finding.subject.store.flatMap { name in facts.stores.first { $0.name == name } }.map { files(finding, $0) } ?? []
        }
    }

    private func start(_ program: Surroundings.Program) -> [Repair] {
        facts.surroundings.startOfStopped(program).map { [.startStopped(program, command: $0)] } ?? []
    }

    private func program(_ path: String) -> Repair {
        .startProgram(path: path, log: facts.surroundings.serviceLog, settings: facts.surroundings.settingFiles)
    }

    private func files(_ finding: Diagnosis, _ store: StoreCondition) -> [Repair] {
        switch finding.code {
        case .filesReadable: [.closeFiles(store: store.name)]
        // Only root may give files away.
        case .filesForeign: store.folder?.user == 0 ? [.returnFiles(store: store.name)] : []
        case .folderForbidden: store.folder.map { $0.owner == $0.user && !$0.isReadOnly } == true ? [.openFolder(store: store.name)] : []
        case .linkDangling, .linkStale: store.newestSound == nil ? [] : [.link(store: store.name)]
        case .manifestMissing: hasOthers ? [.sync] : [.backUp]
        // What is known of a far store is a cache, which may be what is damaged.
        case .manifestUnreadable: store.kind == .folder ? [] : [.rebuildCatalog]
        case .artifactMissing: isElsewhere(finding, than: store) ? [.sync] : isNewest(finding, in: store) ? [.backUp] : []
        case .artifactChanged: isNewest(finding, in: store) ? [.backUp] : []
        default: []
        }
    }

    /// Whether the rules of retention let anything go.
    private var mayPrune: Bool { facts.service?.stores.contains { !$0.retention.removed.isEmpty } ?? false }

    /// One that is there and damaged is not replaced by a sync.
    private var lacksCopies: Bool {
        guard let service = facts.service, let newest = service.points.first else { return false }
        return service.stores.contains { store in
            store.failure == nil && newest.copies.first { $0.store == store.name }.map { $0.condition == .missingFiles } ?? true
        }
    }

    private var hasOthers: Bool { facts.stores.count { $0.holdings.value != nil } > 1 }

    private func isElsewhere(_ finding: Diagnosis, than store: StoreCondition) -> Bool {
        facts.stores.contains { other in
            other.name != store.name && other.holdings.value?.points.contains { $0.id == finding.subject.point && $0.isSound } ?? false
        }
    }

    private func isNewest(_ finding: Diagnosis, in store: StoreCondition) -> Bool {
        store.holdings.value?.points.first?.id == finding.subject.point
    }
}

extension Diagnosis {
    /// A clock so wrong that nothing is to be begun before it is set.
    fileprivate var isOfClock: Bool { [.clockWrong, .storeClock].contains(code) && severity == .critical }
}

extension StoreCondition {
    fileprivate var newestSound: RecoveryPointID? { holdings.value?.points.first { $0.isSound }?.id }
}
