package import BackupReports

/// The steps of the runbook's diagnosis, in its order and words.
package enum DiagnosisSection: Int, Sendable, Codable, CaseIterable {
    case lastBackup = 1
    case logs
    case files
    case space
    case postgres
    case redis
    case configuration
    case verification

    package var heading: Bilingual {
        switch self {
        case .lastBackup: Bilingual("Last backup", "Последний backup")
        case .logs: Bilingual("Log of the last run", "Лог последнего запуска")
        case .files: Bilingual("Backup files", "Файлы backup'а")
        case .space: Bilingual("Disk space", "Место на диске")
        case .postgres: Bilingual("PostgreSQL", "PostgreSQL")
        case .redis: Bilingual("Redis", "Redis")
        case .configuration: Bilingual("Configuration", "Конфигурация")
        case .verification: Bilingual("Verification", "Проверка целостности")
        }
    }
}
