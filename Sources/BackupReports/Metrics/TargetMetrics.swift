import BackupCatalog
import BackupModel

/// How each target stands.
struct TargetMetrics {
    let facts: ServiceFacts

    var families: [MetricFamily] {
        [
            status,
            each("backup_verification_failed", "Whether the last verification of the target found it wanting.") {
                past($0).failedVerification.asMetric
            },
            each("last_successful_backup_timestamp", "Unix time of the target's last backup that was stored whole; 0: never.") {
                facts.lastSuccess(of: $0)?.asMetric ?? 0
            },
            each("backup_last_attempt_timestamp", "Unix time of the last attempt to back the target up; 0: never.") {
                past($0).lastAttempt?.asMetric ?? 0
            },
            each("backup_last_verified_timestamp_seconds", "Unix time of the last verification the target passed; 0: never.") {
                facts.lastVerified(of: $0)?.asMetric ?? 0
            },
            each("backup_last_duration_seconds", "How long the run of the target's last whole backup took.") {
                facts.lastStored($0)?.duration?.inSeconds
            },
            each("backup_last_size_bytes", "What the target's last whole backup takes up, as stored in one store.") { target in
                facts.lastStored(target)?.outcome(of: target).map { Double($0.bytes) }
            },
            runs, proof,
            origin("backup_reused_bytes", "Compressed data of the newest backup that was taken over from one before.", \.reusedBytes),
            origin("backup_read_bytes", "Compressed data of the newest backup that was read from the server.", \.readBytes),
        ]
    }

    private func past(_ target: BackupTarget) -> TargetHistory { facts.history[target] ?? TargetHistory() }

    private func each(_ name: String, _ help: String, _ value: (BackupTarget) -> Double?) -> MetricFamily {
        MetricFamily(
            name, help, facts.targets.compactMap { target in value(target).map { .init($0, ["target": target.rawValue]) } })
    }

    private var status: MetricFamily {
        let samples = facts.targets.flatMap { target in
            let last = lastStatus(target)
            return BackupStatus.allCases.map { status in
                MetricFamily.Sample(
                    (status == last || status == .running && facts.isRunning(target)).asMetric,
                    ["target": target.rawValue, "status": status.rawValue])
            }
        }
        return MetricFamily(
            "backup_status", "How the target's last backup came out: ok, failed, or never; and whether one is running.", samples)
    }

    private func lastStatus(_ target: BackupTarget) -> BackupStatus {
        if facts.lastFailure(of: target) != nil { return .failed }
        return facts.lastSuccess(of: target) == nil ? .never : .ok
    }

    private var runs: MetricFamily {
        let samples = facts.targets.flatMap { target in
            [("ok", past(target).succeeded), ("failed", past(target).failed)].map { result, count in
                MetricFamily.Sample(Double(count), ["target": target.rawValue, "result": result])
            }
        }
        return MetricFamily("backup_runs_total", "Backups of the target that ended, by how.", kind: .counter, samples)
    }

    /// Nothing for a target whose backups do not say it: archives of pg_dump cannot.
    private func origin(_ name: String, _ help: String, _ bytes: (RowOrigins) -> Int64) -> MetricFamily {
        let samples = facts.targets.compactMap { target in
            newestOrigins(of: target).map { MetricFamily.Sample(Double(bytes($0)), ["target": target.rawValue]) }
        }
        return MetricFamily(name, help, samples)
    }

    private func newestOrigins(of target: BackupTarget) -> RowOrigins? {
        facts.points.lazy.compactMap { point in
            (target == .redis ? point.redisDumps : point.dumps).compactMap(\.origins).total
        }.first
    }

    private var proof: MetricFamily {
        let proof = facts.points.lazy.compactMap(\.lastProof).first
        return MetricFamily(
            "backup_restore_test_duration_seconds", "How long the restore of the newest backup that was proved by one took.",
            proof.map { [.init($0.recovery.inSeconds)] } ?? [])
    }
}

/// The values of the label `status`.
enum BackupStatus: String, CaseIterable {
    case ok, failed, running, never
}
