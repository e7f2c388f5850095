import BackupCatalog
import BackupModel
import BackupReports

/// Section 4: what the disk holds is told by `RunRules`, as the service tells it; here is whether the next backup will fit.
enum SpaceRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let service = facts.service else { return [] }
        return facts.stores.filter { $0.kind == .folder }.compactMap { store in
            guard let disk = service.disks.first(where: { $0.path == store.name }), let next = store.nextBytes, disk.freeBytes < next else {
                return nil
            }
            return growth(disk, next)
        }
    }

    private static func growth(_ disk: DiskFacts, _ next: Int64) -> Diagnosis {
        Diagnosis(
            .diskGrowth, .critical,
            Bilingual("the next backup does not fit on the disk of \(disk.path)", "следующая копия не поместится на диск \(disk.path)"),
            evidence: Bilingual(
                "it will take about \(ByteSize(next)), and \(ByteSize(disk.freeBytes)) are free",
                "она займёт около \(ByteSize(next)), а свободно \(ByteSize(disk.freeBytes))"),
            remedy: .init(
                "Make room by the rules of retention, or give the folder a larger disk.",
                "Освободите место по правилам хранения или дайте папке диск побольше.", "call-center-admin db prune --dry-run",
                "call-center-admin db prune", "df -h \(disk.path)"))
    }
}

extension StoreCondition {
    /// The largest of the last three backups and a fifth more: databases grow. Nil before the first.
    var nextBytes: Int64? {
        holdings.value?.points.prefix(3).map(\.manifest.bytes).max().map { $0 + $0 / 5 }
    }
}
