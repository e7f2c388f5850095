extension CatalogueFault {
    /// The section of the runbook that goes on from what the doctor calls it; nil for a run that failed, which leads to what it failed of.
    var section: String? { Self.sections.first { $0.value.contains(expected.code) }?.key }

    private static let sections: [String: Set<String>] = [
        // The disk and the folder.
        "step-1": [
            "disk-full", "inodes-full", "disk-growth", "folder-missing", "folder-forbidden", "store-read-only", "store-emptied",
            "backups-gone",
        ],
        "step-2": [
            "postgres-down", "postgres-not-ready", "postgres-silent", "postgres-unknown-host", "postgres-password", "postgres-role",
            "postgres-access-rules", "postgres-connections", "database-missing", "database-closed", "rights-lacking", "table-locked",
            "long-transaction", "invalid-index", "connections-near-limit", "archiver-fails", "checksum-failures", "wraparound",
            "slot-holds-log", "client-programs", "client-minor", "postgres-unsteady",
        ],
        "step-3": [
            "redis-down", "redis-silent", "redis-unknown-host", "redis-password", "redis-access-rules", "redis-connections",
            "redis-snapshot", "redis-buffer", "redis-denied", "redis-failed", "redis-not-ready", "redis-link", "redis-memory",
            "redis-version", "redis-unsteady", "redis-emptied",
        ],
        // The service and its settings.
        "step-4": [
            "nothing-configured", "configuration-invalid", "setting-unknown", "secret-readable", "state-folder", "stalled", "lock-foreign",
            "service-stopped", "service-silent", "service-foreign", "service-other", "service-outdated", "service-unwell",
            "service-unsteady", "heartbeat-refused", "heartbeat-missing", "prometheus-down", "metrics-missing", "metrics-stale",
            "alerts-missing",
        ],
        "step-5": ["overdue", "schedule-missing", "link-dangling", "link-stale", "leftovers", "files-readable", "files-foreign"],
        "step-6": [
            "artifact-changed", "artifact-missing", "manifest-missing", "manifest-unreadable", "key-lost", "key-unusable", "encryption-off",
            "proof-impossible", "extension-missing", "suspicious",
        ],
        "step-7": [
            "missing-copies", "leftovers-hidden", "bucket-missing", "store-credentials", "store-clock", "store-denied", "store-region",
            "bucket-unlocked",
        ],
        "step-7a": ["store-silent", "store-unreachable"],
    ]
}
