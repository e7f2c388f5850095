import BackupCatalog
import BackupModel

/// Disks, stores, and what retention makes of them.
struct StorageMetrics {
    let facts: ServiceFacts

    var families: [MetricFamily] { disks + stores + retention }

    private var disks: [MetricFamily] {
        [
            disk("disk_usage_percent", "How full the file system of the path is.") { percent($0.bytes - $0.freeBytes, of: $0.bytes) },
            disk("backup_inode_usage_percent", "How many of the file system's inodes are used.") {
                percent($0.inodes - $0.freeInodes, of: $0.inodes)
            },
            disk("backup_disk_limit_percent", "How full the file system may become before backups make room or fail.") {
                Double($0.limitPercent)
            },
            disk("backup_disk_free_bytes", "What is free on the file system of the path.") { Double($0.freeBytes) },
        ]
    }

    private var stores: [MetricFamily] {
        [
            store("backup_store_up", "Whether the store answered when it was asked last.") { ($0.failure == nil).asMetric },
            store("backup_store_checked_timestamp_seconds", "Unix time the store was asked last.") { $0.checkedAt.asMetric },
            store("backup_store_used_bytes", "What the store's backups take up.") { Double($0.bytes) },
        ]
    }

    private var retention: [MetricFamily] {
        [
            store("backup_retention_kept", "Backups of the store that retention keeps.") {
                Double($0.retention.decisions.count { $0.isKept })
            },
            store("backup_retention_removable", "Backups of the store that the next pruning removes.") {
                Double($0.retention.decisions.count { !$0.isKept })
            },
            store("backup_retention_frozen", "Whether something keeps retention from removing anything, or a part.") {
                (!$0.retention.freezes.isEmpty).asMetric
            },
            MetricFamily(
                "backup_suspicious", "Backups that are much smaller or larger than those before them, and not accepted by anybody.",
                [.init(Double(facts.points.count { $0.isSuspicious && $0.difference == nil }))]),
        ]
    }

    private func disk(_ name: String, _ help: String, _ value: (DiskFacts) -> Double) -> MetricFamily {
        MetricFamily(name, help, facts.disks.map { .init(value($0), ["path": $0.path]) })
    }

    private func store(_ name: String, _ help: String, _ value: (StoreFacts) -> Double) -> MetricFamily {
        MetricFamily(name, help, facts.stores.map { .init(value($0), ["store": $0.name]) })
    }

    /// To the hundredth: more digits only make two scrapes differ.
    private func percent(_ used: Int64, of all: Int64) -> Double {
        all > 0 ? (Double(used) / Double(all) * 10_000).rounded() / 100 : 0
    }
}
