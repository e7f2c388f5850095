import BackupCatalog
import BackupModel
import BackupReports

/// Section 4: what the disk holds is told by `RunRules`, as the service tells it; here is whether the next backup will fit.
enum SpaceRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let service = facts.service else { return [] }
        return facts.stores.filter { $0.kind == .folder }.compactMap { store in
            guard let disk = service.disks.first(where: { $0.path == store.name }), let next = store.nextBytes else { return nil }
            if disk.freeBytes < next { return growth(disk, next, service) }
            // The next backup removes first what retention allows.
            let isTooFull = disk.usedPercent <= disk.limitPercent && disk.usedPercent(with: next) > disk.limitPercent
            return isTooFull && !service.mayPrune(disk.path) ? limit(disk, next, service) : nil
        }
    }

    private static func growth(_ disk: DiskFacts, _ next: Int64, _ service: ServiceFacts) -> Diagnosis {
        Diagnosis(
            .diskGrowth, .critical,
            Bilingual("the next backup does not fit on the disk of \(disk.path)", "следующая копия не поместится на диск \(disk.path)"),
            evidence: Bilingual(
                "it will take about \(ByteSize(next)), and \(ByteSize(disk.freeBytes)) are free",
                "она займёт около \(ByteSize(next).inRussian), а свободно \(ByteSize(disk.freeBytes).inRussian)"),
            remedy: room(on: disk, service))
    }

    /// It would fit, and is not begun all the same.
    private static func limit(_ disk: DiskFacts, _ next: Int64, _ service: ServiceFacts) -> Diagnosis {
        let then = disk.usedPercent(with: next)
        return Diagnosis(
            .diskGrowth, .critical,
            Bilingual(
                "the next backup would fill the disk of \(disk.path) beyond what is allowed",
                "следующая копия заполнит диск \(disk.path) больше допустимого"),
            evidence: Bilingual(
                "it will take about \(ByteSize(next)): \(disk.usedPercent) % are used, \(then) % would be, \(disk.limitPercent) % are allowed "
                    + "(BACKUP_DISK_MAX_PERCENT)",
                "она займёт около \(ByteSize(next).inRussian): занято \(disk.usedPercent) %, будет \(then) %, допустимо \(disk.limitPercent) % "
                    + "(BACKUP_DISK_MAX_PERCENT)"),
            remedy: room(on: disk, service))
    }

    /// A pruning that removes nothing is no advice.
    static func room(on disk: DiskFacts, _ service: ServiceFacts, of what: String = "-h") -> Diagnosis.Remedy {
        let folder = Shell.quoted(disk.path)
        guard service.mayPrune(disk.path) else {
            return .init(
                "The rules of retention let nothing go: see what else fills the disk and move that, or give the folder a larger disk.",
                "По правилам хранения удалять нечего: посмотрите, что ещё занимает диск, и уберите это или дайте папке диск побольше.",
                "df \(what) \(folder)", largest(what, folder))
        }
        return .init(
            "See what may go by the rules of retention, and remove it; else give the folder a larger disk.",
            "Посмотрите, что можно удалить по правилам хранения, и удалите; иначе дайте папке диск побольше.",
            "call-center-admin db prune --dry-run", "call-center-admin db prune", "df \(what) \(folder)")
    }

    /// What takes up most of the file system, the largest last.
    private static func largest(_ what: String, _ folder: String) -> String {
        let (unit, order) = what == "-i" ? ("-x --inodes", "-n") : ("-xh", "-h")
        return "du \(unit) --max-depth=2 \"$(findmnt -n -o TARGET --target \(folder))\" | sort \(order) | tail"
    }
}

extension ServiceFacts {
    /// Whether the rules of retention let anything of a folder go.
    func mayPrune(_ folder: String) -> Bool { stores.contains { $0.name == folder && !$0.retention.removed.isEmpty } }
}

extension StoreCondition {
    /// The largest of the last three backups and a fifth more: databases grow. Nil before the first.
    var nextBytes: Int64? {
        holdings.value?.points.prefix(3).map(\.manifest.bytes).max().map { $0 + $0 / 5 }
    }
}
