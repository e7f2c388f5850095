import BackupModel
import BackupReports

/// Section 7: that nobody has said yet what is to be saved. What would be found at the places where servers are as a rule would only mislead.
enum EmptySettings {
    /// Nil where something is set, or where backups come about all the same.
    static func finding(_ facts: Examination) -> Diagnosis? {
        let condition = facts.configuration
        guard condition.failure == nil, condition.given == 0, condition.warnings.isEmpty, !hasPast(facts),
            let trouble = facts.postgres?.server.trouble
        else { return nil }
        let place = facts.surroundings.postgres
        return Diagnosis(
            .nothingConfigured, .critical, Bilingual("nothing is configured yet", "ещё ничего не настроено"),
            evidence: Bilingual(
                "no setting is given, and at \(place), where PostgreSQL is looked for then, it does not let us in: \(trouble.message)",
                "не задано ни одной настройки, а на \(place), где тогда ищется PostgreSQL, он не впускает: «\(trouble.message)»"),
            remedy: remedy(facts.surroundings))
    }

    /// Whoever has settings that this shell does not know has runs or backups, as a rule.
    private static func hasPast(_ facts: Examination) -> Bool {
        guard let service = facts.service else { return true }
        return facts.history != nil || !service.runs.isEmpty || !service.points.isEmpty
            || service.history.values.contains { $0.lastAttempt != nil }
    }

    private static func remedy(_ around: Surroundings) -> Diagnosis.Remedy {
        let remedy = Diagnosis.Remedy(
            "Say where the data is and where backups go: DATABASE_URL, BACKUP_DIR and, if there is a Redis, REDIS_URL, in the environment or in "
                + "a file that BACKUP_ENV_FILE names (README.md, docs/configuration.md). Then check it.",
            "Укажите, где данные и куда класть копии: DATABASE_URL, BACKUP_DIR и, если есть Redis, REDIS_URL, в окружении или в файле, "
                + "который называет BACKUP_ENV_FILE (README.md, docs/configuration.md). Затем проверьте.", "call-center-admin config show",
            "call-center-admin config check")
        guard let doctor = around.doctorOfService else { return remedy }
        return remedy.or(onlyIf: "the service has settings of its own", "у сервиса есть собственные настройки", doctor)
    }
}

extension Surroundings {
    /// The doctor as the account of the service, with all that the service is given as it is installed: with the file of settings alone the state folder
    /// would be another one.
    fileprivate var doctorOfService: String? {
        let given = "BACKUP_ENV_FILE=/etc/call-center-backup/env BACKUP_STATE_DIR=/var/lib/call-center-backup"
        return switch manager {
        case .compose: "docker compose exec -T backup-service call-center-admin doctor"
        case .systemd: "sudo -u call-center-backup \(given) call-center-admin doctor"
        case .bare: nil
        }
    }
}
