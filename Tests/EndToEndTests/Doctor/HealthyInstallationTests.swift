import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("A healthy installation", .timeLimit(.minutes(10)))
struct HealthyInstallationTests {
    @Test("The doctor finds nothing, says so in both languages, and its status is 0")
    func healthy() async throws {
        try await withLaboratory { lab in
            try await expectHealth(lab.admin, ["PG_BIN_DIR": try await client(of: lab.postgres, in: lab.tools.folder)])
        }
    }

    @Test("Of each release of PostgreSQL, and of a standby of it", arguments: [14, 15, 16, 17, 18])
    func releases(major: Int) async throws {
        try requireServer(major)
        try await withPostgres(PostgresBlueprint(major: major)) { primary in
            try await fill(primary)
            try await backedUp(primary)
            try await withStandby(of: primary) { try await backedUp($0) }
        }
    }

    @Test("Of each Redis and Valkey", arguments: RedisInstallation.Version.allCases)
    func caches(version: RedisInstallation.Version) async throws {
        try requireServer(17)
        try requireRedis(version)
        try await withRedis(version) { redis in
            try await withPostgres(PostgresBlueprint(major: 17)) { postgres in
                try await fill(postgres)
                try await backedUp(postgres, ["REDIS_URL": redis.url()])
            }
        }
    }

    /// A service, two buckets, one of them with a lock, encryption, somebody to tell, a heartbeat and Prometheus.
    @Test("With everything there is to be set")
    func everything() async throws {
        try requireProgram("curl", package: "curl")
        try await withLaboratory { lab in
            try await withS3 { s3, prefix in
                try await withFakeGCS { gcs in
                    _ = try await withScriptedHTTP({ Self.answer($0) }) { server in
                        let settings = try await whole(lab, buckets(s3, prefix, gcs), server.url)
                        try await lab.does("call-center-admin db backup", with: settings)
                        // The one from before there were buckets.
                        try await lab.does("call-center-admin db sync", with: settings)
                        try await lab.does("nohup backup-service >>service.log 2>&1 &", with: settings)
                        try await lab.awaitService(settings)
                        try await lab.awaitHealth(settings)
                        try await expectHealth(lab.admin, settings)
                        try await lab.endService()
                    }
                }
            }
        }
    }
}

extension HealthyInstallationTests {
    private typealias Settings = [String: String?]

    private func fill(_ server: PostgresServer) async throws {
        try await server.createDatabase(Laboratory.database)
        try await server.psql("CREATE TABLE calls AS SELECT n FROM generate_series(1, 2000) n", database: Laboratory.database)
    }

    /// An installation that has just taken its first backup.
    private func backedUp(_ server: PostgresServer, _ more: Settings = [:]) async throws {
        try await withAdmin(server) { admin in
            var admin = admin
            let programs = try await client(of: server, in: admin.folder.removingLastComponent())
            admin.environment = ["BACKUP_DATABASES": Laboratory.database, "PG_BIN_DIR": programs].merging(more) { $1 }
            try await admin.command("db", "backup").output()
            try await expectHealth(admin)
        }
    }

    /// Whatever release of the client this machine has: one without known holes.
    private func client(of server: PostgresServer, in folder: FilePath) async throws -> String {
        let programs = folder.appending("programs").string
        let make = #"""
            mkdir "$1" && ln -s "$0"/* "$1" && rm "$1"/{pg_dump,psql} && cat >"$1/pg_dump" && chmod +x "$1/pg_dump" && cp "$1"/{pg_dump,psql}
            """#
        let client = """
            #!/bin/bash
            name=${0##*/}
            if [[ $1 == --version ]]; then echo "$name (PostgreSQL) \(server.major).99"; else exec "\(server.program(""))/$name" "$@"; fi

            """
        try await Command("bash", ["-c", make, server.program("").string, programs]).output(input: client)
        return programs
    }

    /// A person and a program read the same.
    private func expectHealth(_ admin: AdminProgram, _ settings: Settings = [:]) async throws {
        for (language, words) in [("en", "All is well ("), ("ru", "Всё в порядке (")] {
            let outcome = try await outcome(of: admin.command("doctor", "--lang", language), settings)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains(words) && !outcome.output.contains("✗") && !outcome.output.contains("! "), "\(outcome)")
        }
        let outcome = try await outcome(of: admin.command("doctor", "--json"), settings)
        let answer = try JSONDecoder().decode(DoctorAnswer.self, from: Data(outcome.output.utf8))
        #expect(outcome.status == 0 && answer.verdict == "healthy" && answer.findings.isEmpty, "\(outcome)")
    }

    private func outcome(of command: Command, _ settings: Settings) async throws -> Command.Outcome {
        var command = command
        command.environment.merge(settings) { $1 }
        return try await command.outcome()
    }
}

extension HealthyInstallationTests {
    private func buckets(_ s3: S3Server, _ prefix: String, _ gcs: FakeGCS) -> [String: String] {
        [
            "BACKUP_S3_BUCKET": s3.lockedBucket, "BACKUP_S3_PREFIX": prefix, "AWS_ENDPOINT_URL_S3": s3.url, "AWS_REGION": s3.region,
            "AWS_ACCESS_KEY_ID": s3.accessKeyID, "AWS_SECRET_ACCESS_KEY": s3.secretAccessKey, "BACKUP_S3_LOCK_MODE": "governance",
            "BACKUP_S3_LOCK_DAYS": "1", "BACKUP_GCS_BUCKET": gcs.bucket, "BACKUP_GCS_PREFIX": "healthy", "STORAGE_EMULATOR_HOST": gcs.url,
        ]
    }

    private func whole(_ lab: Laboratory, _ buckets: [String: String], _ url: String) async throws -> Settings {
        let key = lab.tools.folder.appending("own.key").string
        let made = try await lab.admin.command("key", "generate", key).output()
        let recipient = try #require(made.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("age1") })
        let others = [
            "BACKUP_AGE_RECIPIENTS": String(recipient), "BACKUP_AGE_IDENTITY_FILE": key, "BACKUP_SCHEDULE": "0 2 * * *",
            "BACKUP_MANAGED_BY": "bare", "BACKUP_HEARTBEAT_URL": "\(url)/beat", "BACKUP_PROMETHEUS_URL": url,
            "PG_BIN_DIR": try await client(of: lab.postgres, in: lab.tools.folder),
        ]
        return try lab.serviceSettings().merging(buckets) { $1 }.merging(others) { $1 }.mapValues { $0 }
    }

    /// Prometheus, which has just heard of everything; who waits for the heartbeat is content with any answer.
    private static func answer(_ request: ScriptedRequest) -> ScriptedReply {
        let second = Int(Date().timeIntervalSince1970)
        let samples = ["postgres", "redis"].map { #"{"metric":{"target":"\#($0)","status":"ok"},"value":[1,"\#(second)"]}"# }
        return .answer(
            200, #"{"status":"success","data":{"resultType":"vector","result":[\#(samples.joined(separator: ","))]}}"#)
    }
}
