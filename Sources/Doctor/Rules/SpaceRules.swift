import BackupCatalog
import BackupModel
import BackupReports

/// Section 4: what the disk holds is told by `RunRules`, as the service tells it; here is whether the next backup will fit.
enum SpaceRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let service = facts.service else { return [] }
        return facts.stores.filter { $0.kind == .folder }.compactMap { store in
            guard let disk = service.disks.first(where: { $0.path == store.name }), let next = store.next else { return nil }
            return ahead(disk, next, store.prunable(by: service), service) ?? trend(disk, next, store, service)
        }
    }

    /// The next backup removes first what retention allows, and begins where that makes room.
    private static func ahead(
        _ disk: DiskFacts, _ next: StoreCondition.Forecast, _ prunable: StoreCondition.Forecast, _ service: ServiceFacts
    ) -> Diagnosis? {
        if disk.usedPercent(with: next.bytes - prunable.bytes) > disk.limitPercent {
            if disk.freeBytes < next.bytes { return growth(disk, next.bytes, service) }
            // One that is too full as it is is told by another rule.
            if disk.usedPercent <= disk.limitPercent { return limit(disk, next.bytes, service) }
        }
        let then = disk.usedInodesPercent(with: next.files - prunable.files)
        return disk.usedInodesPercent <= disk.limitPercent && then > disk.limitPercent ? inodes(disk, next.files, service) : nil
    }

    private static func trend(
        _ disk: DiskFacts, _ next: StoreCondition.Forecast, _ store: StoreCondition, _ service: ServiceFacts
    ) -> Diagnosis? {
        let left = disk.bytes / 100 * Int64(disk.limitPercent) - (disk.bytes - disk.freeBytes) - next.bytes
        return DiskTrend(store.holdings.value?.points ?? [], room: left).map { slope(disk, $0, left, service) }
    }

    private static func slope(_ disk: DiskFacts, _ trend: DiskTrend, _ left: Int64, _ service: ServiceFacts) -> Diagnosis {
        Diagnosis(
            .diskGrowth, .warning,
            Bilingual(
                "the disk of \(disk.path) will be too full in about \(trend.days.counted("day", "days"))",
                "на диске \(disk.path) примерно через \(trend.days) дн. станет слишком мало места"),
            evidence: Bilingual(
                "its \(trend.backups) backups grow by \(ByteSize(trend.bytesADay)) a day together, and there is room for \(ByteSize(left)) more",
                "копии на нём (\(trend.backups)) вместе растут на \(ByteSize(trend.bytesADay).inRussian) в день, а места осталось на "
                    + "\(ByteSize(left).inRussian)"),
            remedy: room(on: disk, service))
    }

    private static func inodes(_ disk: DiskFacts, _ files: Int64, _ service: ServiceFacts) -> Diagnosis {
        let then = disk.usedInodesPercent(with: files)
        return Diagnosis(
            .diskGrowth, .critical,
            Bilingual(
                "the disk of \(disk.path) has too few inodes for the next backup",
                "на диске \(disk.path) не хватит inode для следующей копии"),
            evidence: Bilingual(
                "it makes about \(files) files: \(disk.usedInodesPercent) % of the inodes are used, \(then) % would be, "
                    + "\(disk.limitPercent) % are allowed (BACKUP_DISK_MAX_PERCENT)",
                "в ней около \(files) файлов: занято \(disk.usedInodesPercent) % inode, будет \(then) %, допустимо \(disk.limitPercent) % "
                    + "(BACKUP_DISK_MAX_PERCENT)"),
            remedy: room(on: disk, service, of: "-i"))
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
    /// What the rules of retention let go.
    fileprivate func prunable(by service: ServiceFacts) -> Forecast {
        let removed = Set(service.stores.filter { $0.name == name }.flatMap(\.retention.removed))
        let points = (holdings.value?.points ?? []).filter { removed.contains($0.id) }
        // Each has a manifest.
        let files = points.map { Int64($0.manifest.artifacts.count) + 1 }
        return Forecast(bytes: points.map(\.manifest.bytes).saturatingSum, files: files.saturatingSum)
    }
}
