import BackupTestKit
import Foundation
import SystemPackage
import Testing

/// The runbook as it was given to us, word by word.
@Suite("The runbook's original text", .timeLimit(.minutes(10)))
struct OriginalRunbookTests {
    @Test("Each command does what the runbook says; what cannot work as written is known")
    func everything() async throws {
        let text = try #require(Bundle.module.url(forResource: "Fixtures/runbook/original.ru.md", withExtension: nil))
        let runbook = RunbookDocument(try String(contentsOf: text, encoding: .utf8))
        try await RunbookReader.readWhole(runbook) { reader, machine in
            try await machine.failBackup()
            try await diagnosis(reader)
            try await room(reader, machine)
            try await servers(reader, machine)
            try await backup(reader, machine)
            try await lastResorts(reader, machine)
        }
    }

    private func diagnosis(_ reader: RunbookReader) async throws {
        let status = try await reader.reads("1. Проверить статус")
        #expect(status.allSatisfy { $0.output.contains("postgres") && $0.output.contains("redis") }, "\(status)")
        #expect(status[2].output.contains(#""status": "failed""#))
        let logs = try await reader.reads("2. Проверить логи")
        #expect(logs.allSatisfy { $0.output.contains("ERROR: Backup failed: ") }, "\(logs)")
        let files = try await reader.reads("3. Проверить наличие")
        for typed in files { #expect(typed.output.contains("call_center-") || typed.output.contains("latest"), "\(typed)") }
        #expect(files[1].lines.allSatisfy { $0.contains(/^[0-9.,]+[KMG]?\t/) }, "\(files[1])")
        #expect(files[4].lines.count <= 5)
        let space = try await reader.reads("4. Проверить свободное")
        #expect(space[0].output.contains("%") && space[1].lines.count == 1 && space[2].output.contains("IUse%"), "\(space)")
        let postgres = try await reader.reads("5. Проверить PostgreSQL", mayFindNothing: ["docker compose logs postgres"])
        #expect(postgres[0].output.contains("accepting connections"))
        #expect(postgres[1].output.contains("call_center") && postgres[1].output.contains("kB"), "\(postgres[1])")
        #expect(postgres[2].output.contains("postgres"))
        #expect(postgres[3].output.contains("password authentication failed"), "\(postgres[3])")
        let redis = try await reader.reads("6. Проверить Redis")
        for (typed, word) in zip(redis, ["PONG", "used_memory:", "\n", "role:master"]) { #expect(typed.output.contains(word), "\(typed)") }
        #expect((Int(redis[2].output.filter(\.isNumber)) ?? 0) >= 200)
        try await configuration(reader)
    }

    private func configuration(_ reader: RunbookReader) async throws {
        let typed = try await reader.reads("7. Проверить конфигурацию")
        for name in ["BACKUP_DIR=", "BACKUP_S3_BUCKET=", "BACKUP_GCS_BUCKET="] { #expect(typed[0].output.contains(name), "\(typed[0])") }
        #expect(typed[1].output.contains("authentication"), "\(typed[1])")
        #expect(typed[2].output.contains(".sql.gz") && typed[3].output.contains("gs://"), "\(typed)")
        let checks = try await reader.reads("8. Проверить статус проверки")
        #expect(checks.prefix(2).allSatisfy { $0.output.contains("checked (content)") }, "\(checks)")
        #expect(checks[2].output.contains("verify"), "\(checks[2])")
    }

    /// Step 1: what is older than thirty days goes, and nothing else.
    private func room(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        let old = try await machine.does("cd /backups && ls call_center-*.sql.gz | head -1").lines[0]
        let aged = "call_center-20200101T000000Z.sql.gz"
        try await machine.does("cd /backups && cp -p \(old) \(aged) && touch -d '40 days ago' \(aged)")
        let typed = try await reader.reads("Шаг 1:")
        #expect(typed[1].output.contains(aged), "\(typed[1])")
        let left = try await machine.does("ls /backups/*.sql.gz").output
        #expect(!left.contains(aged) && left.contains(old), "\(left)")
    }

    private func servers(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        for (step, service) in [("Шаг 2:", "postgres"), ("Шаг 3:", "redis")] {
            try await machine.does("docker compose stop \(service)")
            let typed = try await reader.reads(step)
            #expect(!typed[0].output.contains("Up"), "\(typed[0])")
            #expect(typed[3].output.contains("accepting connections") || typed[3].output == "PONG\n", "\(typed[3])")
            #expect(!typed[4].lines.isEmpty)
        }
        let before = try await machine.does("cat $MACHINE_STATE/backup-service.pid").output
        let restarted = try await reader.reads("Шаг 4:")
        #expect(try await machine.does("cat $MACHINE_STATE/backup-service.pid").output != before)
        #expect((1...20).contains(restarted[2].lines.count), "\(restarted[2])")
        #expect(restarted[3].output.contains("backup_status"), "\(restarted[3])")
    }

    /// Steps 5 to 7: the credentials are put right, as step 7 has it, and then backups succeed.
    private func backup(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        try await machine.set("PGPASSWORD", RunbookMachine.password)
        let credentials = try await reader.reads("Шаг 7:")
        #expect(credentials[0].output.contains("Arn") && credentials[2].output.contains("ACTIVE"), "\(credentials)")
        let typed = try await reader.reads("Шаг 5:")
        #expect(typed.prefix(2).allSatisfy { $0.errors.contains("complete: dump") }, "\(typed)")
        for word in ["progress", "complete", "ERROR"] { #expect(typed[2].output.contains(word), "\(typed[2])") }
        #expect(typed[3].lines.count <= 5 && !typed[3].lines.isEmpty)
        let verified = try await reader.reads("Шаг 6:")
        #expect(verified[1].output.contains("checked (content)"), "\(verified[1])")
    }

    /// What the text cannot have meant as it stands, asserted, so that nobody believes it: docs/runbook.md has what works in its place.
    private func lastResorts(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        // A file in a container's /tmp is none of this machine.
        let copies = ["cp /tmp/manual_backup.dump", "cp /tmp/redis_backup.rdb"]
        let export = try await reader.reads("Шаг 8:", fails: copies)
        for typed in export where copies.contains(where: typed.command.hasPrefix) {
            #expect(typed.errors.contains("No such file"), "\(typed)")
        }
        for (container, file) in [("call-center-postgres-1", "manual_backup.dump"), ("call-center-redis-1", "redis_backup.rdb")] {
            try await machine.does("docker cp \(container):/tmp/\(file) /secure-backup-location/")
        }
        #expect(
            try await machine.does("pg_restore -l /secure-backup-location/manual_backup.dump").output.contains("TABLE DATA public calls"))
        #expect(try await machine.does("head -c 5 /secure-backup-location/redis_backup.rdb").output == "REDIS")
        // The volume belongs to a container that was only stopped; and there is no backup.dump.
        let restore = try await reader.reads(
            "Восстановление из backup'а", fails: ["docker volume rm", "docker exec -i call-center-postgres-1 pg_restore"])
        #expect(restore[2].errors.contains("volume is in use"), "\(restore[2])")
        #expect(restore[5].errors.contains("backup.dump"), "\(restore[5])")
        #expect(restore.last?.output.contains(#""status""#) == true, "\(restore)")
        try await machine.awaitHealthyWriter()
    }
}
