import BackupTestKit
import Foundation
import SystemPackage
import Testing

/// docs/runbook.md and docs/runbook.ru.md: what they say is typed here.
@Suite("The runbook of this product", .timeLimit(.minutes(10)))
struct RunbookTextTests {
    private let english: RunbookDocument
    private let russian: RunbookDocument

    init() throws {
        english = RunbookDocument(try Deployment.text("docs/runbook.md"))
        russian = RunbookDocument(try Deployment.text("docs/runbook.ru.md"))
    }

    @Test("Both languages have the same sections and the same commands")
    func languages() {
        #expect(english.sections.map(\.level) == russian.sections.map(\.level))
        for (left, right) in zip(english.sections, russian.sections) {
            let commands = left.commands.map { $0.replacing("--lang en", with: "--lang ru") }
            #expect(commands == right.commands, "\(left.heading)")
        }
        #expect(russian.commands.count > 80)
    }

    @Test("The sections are those of the original text, in its words")
    func headings() throws {
        let text = try #require(Bundle.module.url(forResource: "Fixtures/runbook/original.ru.md", withExtension: nil))
        let original = RunbookDocument(try String(contentsOf: text, encoding: .utf8)).sections.map(\.heading)
        let kept = russian.sections.map(\.heading).filter(original.contains)
        #expect(kept == original)
    }

    /// The steps of `doctor --fix` as docs/doctor.md lists them.
    @Test(
        "Each step that the doctor has taken over says so, and what he calls it",
        arguments: [(1, "prune"), (2, "start-postgres"), (3, "start-redis"), (4, "start-service"), (5, "backup"), (7, "sync")])
    func takenOver(_ step: Int, _ code: String) throws {
        let table = try Deployment.text("docs/doctor.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        for section in [try english.section("Step \(step):"), try russian.section("Шаг \(step):")] {
            #expect(section.prose.contains("`doctor --fix`"), "\(section.heading)")
            #expect(section.prose.contains("(`\(code)`)"), "\(section.heading): \(section.prose)")
            #expect(table.contains { $0.contains("`\(code)`") }, "\(code)")
        }
    }

    @Test("Links of alerts lead to sections that there are")
    func anchors() throws {
        let rules = try Deployment.text("deploy/prometheus/call-center-backup.rules.yml")
        let links = rules.matches(of: /runbook_url: "[^"#]+#([^"]+)"/).map { String($0.1) }
        #expect(links.count == 15)
        for link in links {
            #expect(russian.anchors.contains(link), "\(link)")
            #expect(english.anchors.contains(link), "\(link)")
        }
    }

    @Test("Each command does what the runbook says, from the first look to an empty new server")
    func everything() async throws {
        try await RunbookReader.readWhole(english) { reader, machine in
            try await beginning(reader, machine)
            try await diagnosis(reader)
            try await steps(reader, machine)
            try await export(reader, machine)
            try await safeRestore(reader, machine)
            try await newServer(reader, machine)
            try await withoutProgram(reader, machine)
        }
    }

    /// In containers and under systemd; a backup then fails, as the service no longer knows the password.
    private func beginning(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        let systemd = try english.section("Under systemd").commands
        _ = try await reader.reads("Under systemd")
        let listed = try await machine.types(["call-center-admin db list"], after: systemd)
        #expect(listed[0].status == 0, "\(listed)")
        _ = try await reader.reads("Before you begin")
        reader.preface = try english.section("Before you begin").commands
        try await machine.failBackup()
    }

    private func diagnosis(_ reader: RunbookReader) async throws {
        let doctor = try await reader.reads("Diagnosis", fails: ["call-center-admin doctor"])
        #expect(doctor[0].status == 3)
        #expect(doctor[1].output.contains("nothing here that the doctor can mend") || doctor[1].output.contains("The doctor can mend this"))
        #expect(doctor[0].output.contains("PostgreSQL refuses our password") && doctor[0].output.contains("docker compose"), "\(doctor)")
        let status = try await reader.reads("1. ")
        #expect(status.last?.output.contains("PostgreSQL") == true, "\(status)")
        let logs = try await reader.reads("2. ")
        #expect(logs.allSatisfy { $0.output.contains("ERROR: Backup failed: ") }, "\(logs)")
        let files = try await reader.reads("3. ")
        for typed in files { #expect(typed.output.contains("call_center-") || typed.output.contains("latest"), "\(typed)") }
        _ = try await reader.reads("4. ")
        let postgres = try await reader.reads("5. ")
        #expect(postgres[1].output.contains("call_center"), "\(postgres)")
        let redis = try await reader.reads("6. ")
        #expect(redis[0].output == "PONG\n")
        let settings = try await reader.reads("7. ", fails: ["call-center-admin config check"])
        #expect(settings[0].output.contains("BACKUP_S3_BUCKET") && !settings[0].output.contains("forgotten"), "\(settings[0])")
        #expect(settings[1].errors.contains("password") || settings[1].output.contains("password"), "\(settings[1])")
        let checks = try await reader.reads("8. ")
        #expect(checks.prefix(2).allSatisfy { $0.output.contains("checked (content)") }, "\(checks)")
    }

    private func steps(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        let room = try await reader.reads("Step 1:")
        #expect(room[1].output.contains("keep") || room[1].output.contains("kept"), "\(room[1])")
        for (step, service, word) in [("Step 2:", "postgres", "accepting connections"), ("Step 3:", "redis", "PONG")] {
            try await machine.does("docker compose stop \(service)")
            let typed = try await reader.reads(step)
            #expect(!typed[0].output.contains("Up") && typed[2].output.contains(word), "\(typed)")
        }
        _ = try await reader.reads("Step 4:")
        try await machine.set("PGPASSWORD", RunbookMachine.password)
        _ = try await reader.reads("Step 7:")
        let silent = try await reader.reads("Step 7a:")
        #expect(silent[0].output.contains("read back") && silent[1].output.contains("AWS_ENDPOINT_URL_S3"), "\(silent)")
        // The clients of whoever runs the tests may be a warning.
        let backup = try await reader.reads("Step 5:", mayFindNothing: ["call-center-admin doctor --fix"])
        #expect(backup.prefix(2).allSatisfy { $0.errors.contains("complete: dump") }, "\(backup)")
        let well = "until call-center-admin doctor --lang en | grep -q 'Prometheus: PostgreSQL ok'; do /bin/sleep 0.2; done"
        #expect(try await machine.types([well], after: reader.preface)[0].status == 0)
        let verified = try await reader.reads("Step 6:")
        #expect(verified[1].output.contains("restored"), "\(verified[1])")
    }

    private func export(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        let typed = try await reader.reads("Step 8:")
        #expect(typed[2].output.contains(".dump") && typed[2].output.contains(".rdb"), "\(typed[2])")
        #expect(
            try await machine.does("pg_restore -l /secure-backup-location/manual_backup.dump").output.contains("TABLE DATA public calls"))
        #expect(try await machine.does("head -c 5 /secure-backup-location/redis_backup.rdb").output == "REDIS")
        try await machine.does("rm -rf /backups/export /secure-backup-location/*")
    }

    /// Rows and keys are lost, and come back; what was there stays under another name.
    private func safeRestore(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        let before = try await counts(machine)
        try #require(before.keys > 0)
        try await machine.postgres.psql("DELETE FROM calls", database: RunbookMachine.database)
        try await machine.redis.cli("FLUSHALL")
        let typed = try await reader.reads("Restoring from a backup")
        #expect(typed.last?.output.contains(#""status""#) == true, "\(typed)")
        try await machine.awaitHealthyWriter()
        let after = try await counts(machine)
        #expect(after.calls >= before.calls && after.keys >= before.keys, "\(after), \(before)")
        let kept = try await machine.postgres.psql("SELECT datname FROM pg_database WHERE datname LIKE 'call\\_center\\_before\\_%'")
        #expect(try await machine.postgres.psql("SELECT count(*) FROM calls", database: kept) == "0")
        report("restored in the place of the database", typed)
    }

    /// The machine is lost, and the folder of backups with it: only the buckets are left.
    private func newServer(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        try await machine.does("docker exec call-center-backup-service backup-now")
        let before = try await counts(machine)
        try await machine.does("docker compose stop backup-service")
        try await machine.does("rm -rf /backups/* /backups/.[a-z]*")
        try await machine.redis.cli("FLUSHALL")
        let typed = try await reader.reads("Restoring into an empty new server")
        #expect(typed.contains { $0.command.contains("{ docker compose run") })
        let after = try await counts(machine)
        #expect(before.keys > 0 && after.calls >= before.calls && after.keys >= before.keys, "\(after), \(before)")
        #expect(try await machine.postgres.psql("SELECT count(*) FROM pg_roles WHERE rolname = 'reports'") == "1")
        #expect(try await machine.does("tar -tzf /secure-backup-location/postgres-data.tar.gz").output.contains("PG_VERSION"))
        report("restored into an empty new server", typed)
    }

    private func withoutProgram(_ reader: RunbookReader, _ machine: RunbookMachine) async throws {
        let before = try await counts(machine)
        for command in [
            "docker compose stop call-processor backup-service", "docker compose rm -sf postgres",
            "docker volume rm call_center_postgres_data",
        ] {
            try await machine.does(command)
        }
        try await machine.does("docker compose up -d --wait postgres")
        let typed = try await reader.reads("Restoring without this program")
        #expect(try await counts(machine).calls >= before.calls - 5, "\(typed)")
    }

    private func counts(_ machine: RunbookMachine) async throws -> (calls: Int, keys: Int) {
        let calls = try await machine.postgres.psql("SELECT count(*) FROM calls", database: RunbookMachine.database)
        return (Int(calls) ?? 0, Int(try await machine.redis.cli("DBSIZE").filter(\.isNumber)) ?? 0)
    }

    /// How long it took, for whoever reads the tests' output; nothing depends on it.
    private func report(_ what: String, _ typed: [RunbookMachine.Typed]) {
        let steps = typed.map { "  \(($0.seconds * 10).rounded() / 10) s  \($0.command.prefix(110))" }
        print("The runbook: \(what) in \((typed.map(\.seconds).reduce(0, +) * 10).rounded() / 10) s\n" + steps.joined(separator: "\n"))
    }
}
