import BackupModel

@testable import BackupReports

extension ExaminationFacts {
    /// The doctor has looked, and found that PostgreSQL is down.
    static func postgresDown(at: Instant) -> ExaminationFacts {
        let cause = ExaminedCause(
            code: "postgres-down", severity: .critical, target: .postgres,
            summary: Bilingual("PostgreSQL at db-1:5432 is not running", "PostgreSQL на db-1:5432 не запущен"),
            evidence: Bilingual("connection refused", "connection refused"),
            advice: Bilingual("Start it, wait until it answers.", "Запустите его, дождитесь ответа."),
            commands: ["docker compose start postgres", "pg_isready -h db-1 -p 5432"], section: .postgres, team: .dba,
            consequences: [Bilingual("the last backup of PostgreSQL failed", "последняя резервная копия PostgreSQL не удалась")],
            accounts: [.init(.failed, target: .postgres)])
        return ExaminationFacts(at: at, causes: [cause])
    }
}
