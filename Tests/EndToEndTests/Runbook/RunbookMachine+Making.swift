import BackupTestKit
import Foundation
import SystemPackage
import Testing

/// Runs `body` on a machine whose service has taken one backup.
func withRunbookMachine(_ body: (RunbookMachine) async throws -> Void) async throws {
    try requireServer(15)
    for program in ["jq", "curl", "python3", "redis-cli"] { try requireProgram(program, package: program) }
    try await withS3 { s3, prefix in
        try await withFakeGCS { gcs in
            try await withPostgres(PostgresBlueprint(password: RunbookMachine.password)) { postgres in
                try await withRedis { redis in
                    let metrics = "127.0.0.1:\(try FreePort.any())"
                    let pagerDuty = try Deployment.quickAlertmanager(pagerDuty: "http://127.0.0.1:9/")
                    try await withMonitoring(metrics: metrics, rules: try Deployment.quickRules(), alertmanager: pagerDuty) { monitoring in
                        try await withSupervised(RunbookMachine.engine, []) { folder in
                            let machine = try RunbookMachine(
                                postgres, redis, s3, prefix: prefix, gcs, prometheus: monitoring.prometheus, metrics: metrics,
                                folder: folder)
                            try await machine.set(up: s3, prefix, gcs, metrics)
                            try await body(machine)
                        }
                    }
                }
            }
        }
    }
}

extension RunbookMachine {
    /// Ends what docker was told to start.
    fileprivate static let engine = """
        finish() {
            trap '' TERM INT HUP
            MACHINE_STATE=$folder/state "$folder/bin/docker" end
            rm -rf "$folder"
        }
        echo ready >&3
        """

    fileprivate func set(up s3: S3Server, _ prefix: String, _ gcs: FakeGCS, _ metrics: String) async throws {
        let fixtures = try #require(Bundle.module.url(forResource: "Fixtures/runbook", withExtension: nil)).path()
        let script = """
            cp -r "$1"/* "$0" && chmod +x "$0"/bin/* && mkdir "$0"/{backups,deploy,state,secure,tmp} && touch "$0"/deploy/{compose.yaml,.env} "$0"/state/backup-service.log
            """
        try await Command("bash", ["-c", script, folder.string, fixtures]).output()
        try await keepForNewServers()
        try await fill()
        for (name, value) in values(s3, prefix, gcs, metrics).sorted(by: { $0.key < $1.key }) { try await set(name, value) }
        try await Command("chmod", ["600", settings.string]).output()
        try await does("docker compose up -d --wait backup-service call-processor")
        try await does("docker exec call-center-backup-service backup-now")
    }

    /// What a server gets that is made anew: its settings, and rules that let in as those of the image do.
    private func keepForNewServers() async throws {
        let rules = "local all all trust\nhost all all all scram-sha-256\n"
        let script = """
            printf %s "$1" | tee "$0/data/pg_hba.conf" >"$0/saved.hba" && cp "$0/data/postgresql.auto.conf" "$0/saved.conf" && chmod 644 "$0"/saved.*
            """
        try await Command("bash", ["-c", script, postgres.folder.string, rules]).output()
        try await postgres.psql("SELECT pg_reload_conf()")
    }

    private func fill() async throws {
        try await postgres.createDatabase(Self.database)
        try await postgres.loadCalls(into: Self.database, mebibytes: 3)
        try await postgres.psql(
            "CREATE ROLE call_processor LOGIN; CREATE ROLE reports; GRANT SELECT, INSERT ON calls TO call_processor; GRANT SELECT ON calls TO reports",
            database: Self.database)
        try await redis.fill(keys: 200)
    }

    private func values(_ s3: S3Server, _ prefix: String, _ gcs: FakeGCS, _ metrics: String) -> [String: String] {
        [
            "PGHOST": "127.0.0.1", "PGPORT": "\(postgres.port)", "PGUSER": "postgres", "PGPASSWORD": Self.password,
            "POSTGRES_DB": Self.database,
            "PG_BIN_DIR": postgres.program("").string, "REDIS_URL": redis.url(), "BACKUP_DIR": backups.string, "BACKUP_HTTP": metrics,
            "BACKUP_HTTP_TOKEN": Self.token, "BACKUP_SCHEDULE": "0 2 31 12 *", "BACKUP_CATCH_UP": "no", "BACKUP_RETRY_COUNT": "0",
            "BACKUP_PRUNE_SCHEDULE": "none", "BACKUP_REVERIFY_SCHEDULE": "none", "BACKUP_SYNC_SCHEDULE": "none",
            "BACKUP_VERIFY_LEVEL": "quick", "BACKUP_MANAGED_BY": "compose",
            "BACKUP_PROMETHEUS_URL": environment["MACHINE_PROMETHEUS"] ?? "",
            // However full the disk of the tests is.
            "BACKUP_DISK_MAX_PERCENT": "100",
            "BACKUP_S3_BUCKET": s3.bucket, "BACKUP_S3_PREFIX": prefix, "AWS_ENDPOINT_URL_S3": s3.url, "AWS_REGION": s3.region,
            "AWS_ACCESS_KEY_ID": s3.accessKeyID, "AWS_SECRET_ACCESS_KEY": s3.secretAccessKey,
            "BACKUP_GCS_BUCKET": gcs.bucket, "BACKUP_GCS_PREFIX": "runbook", "STORAGE_EMULATOR_HOST": gcs.url,
        ]
    }
}
