package import BackupReports

/// What the doctor can do about what he found, in the order it is to be done. Pure.
package struct RepairPlan: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        package let repair: Repair
        /// What it is for, the worst first.
        package let findings: [DiagnosisCode]
    }

    package let steps: [Step]
    /// Why some of it is left to somebody else; nil where nothing is.
    package let reservation: Bilingual?

    package init(_ report: DoctorReport) {
        let rules = RepairRules(facts: report.examination, roots: report.findings)
        let owner = report.examination.stores.lazy.compactMap(\.foreignOwner).first
        let (own, others) = (rules.steps.filter { owner == nil || !$0.repair.writesAsWeAre }, rules.steps.count)
        steps = own
        reservation = owner.flatMap { own.count < others ? Self.reservation($0.store, $0.owner) : nil }
    }

    /// What we write would be ours: whoever the folder belongs to could no longer take its backups.
    private static func reservation(_ store: String, _ owner: UInt32) -> Bilingual {
        let command = "sudo -u '#\(owner)' call-center-admin doctor --fix"
        return Bilingual(
            "\(store) belongs to somebody else, who has to do the rest: \(command)",
            "\(store) принадлежит другому пользователю, остальное нужно сделать от его имени: \(command)")
    }
}

extension Repair {
    /// Whether files come of it that belong to whoever does it.
    fileprivate var writesAsWeAre: Bool {
        switch self {
        case .startProgram, .removeLeftovers, .prune, .rebuildCatalog, .sync, .link, .backUp: true
        case .closeFiles, .returnFiles, .openFolder, .closeSettings, .startService, .startStopped: false
        }
    }
}

extension StoreCondition {
    /// Nil where the folder is ours, or none.
    fileprivate var foreignOwner: (store: String, owner: UInt32)? {
        guard let folder, folder.exists, folder.owner != folder.user else { return nil }
        return (name, folder.owner)
    }
}
