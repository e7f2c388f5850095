import BackupCatalog
import BackupModel
import BackupReports

/// A Redis that answers and holds a small part of what its newest backup has: it began without its data, or somebody took them away. What is there now
/// is what the next backup would have.
struct EmptiedRedis {
    let facts: Examination

    private static let share: Int64 = 10

    var diagnosis: Diagnosis? {
        guard let held, let backup, backup.keys >= SizeSense.fewestRows, held < backup.keys / Self.share else { return nil }
        return Diagnosis(
            .redisEmptied, .warning,
            Bilingual("Redis has lost most of what its newest backup has", "в Redis нет большей части того, что есть в последней копии"),
            evidence: Bilingual(
                "it holds \(held.counted("key")); \(backup.id) has \(backup.keys.counted("key")) without expiry",
                "ключей в Redis: \(held), а в \(backup.id) ключей без срока жизни: \(backup.keys)"),
            remedy: remedy, subject: .init(target: .redis))
    }

    private var remedy: Diagnosis.Remedy {
        .init(
            "See whether it began without its data, and what the backup has; keep programs from filling it, and bring the keys back as the "
                + "runbook's “Restoring from a backup” has it. The next backup will be doubted: accept none that is, and let nothing prune, "
                + "before that is clear.",
            "Посмотрите, не запустился ли он без данных и что есть в копии; не давайте программам его заполнять и верните ключи по разделу "
                + "runbook'а о восстановлении. Следующая копия будет под сомнением: пока не разобрались, не принимайте её и ничего не удаляйте.",
            "call-center-admin db show latest", facts.surroundings.redisCLI("INFO keyspace"), facts.surroundings.logs(.redis))
    }

    /// Of all servers that are copied; nil where one does not say it, or is still loading.
    private var held: Int64? {
        guard let servers = facts.redis?.servers.value, !servers.isEmpty, !servers.contains(where: \.isLoading) else { return nil }
        let keys = servers.compactMap(\.keys)
        return keys.count == servers.count ? keys.saturatingSum : nil
    }

    /// The newest that nobody doubts: one of what is left says nothing. Keys that expire may all be gone in the morning.
    private var backup: (id: RecoveryPointID, keys: Int64)? {
        let point = facts.service?.points.first { !$0.manifest.redis.isEmpty && $0.manifest.suspicion == nil }
        guard let point else { return nil }
        return (id: point.id, keys: point.manifest.redis.flatMap(\.databases).map { $0.keys - $0.expiring }.saturatingSum)
    }
}
