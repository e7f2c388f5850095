/// The section of the runbook that deals with something; a stable code, and its heading there.
package enum RunbookSection: String, Sendable, Codable, CaseIterable {
    case space = "step-1"
    case postgres = "step-2"
    case redis = "step-3"
    case restart = "step-4"
    case backup = "step-5"
    case verification = "step-6"
    case credentials = "step-7"
    case export = "step-8"

    package var heading: Bilingual {
        switch self {
        case .space: Bilingual("Step 1: Make sure that the disk has room", "Шаг 1: Немедленно проверить наличие места на диске")
        case .postgres: Bilingual("Step 2: Make sure that PostgreSQL is well", "Шаг 2: Убедиться, что PostgreSQL здоров")
        case .redis: Bilingual("Step 3: Make sure that Redis is well", "Шаг 3: Убедиться, что Redis здоров")
        case .restart: Bilingual("Step 4: Restart the backup service", "Шаг 4: Перезагрузить backup service")
        case .backup: Bilingual("Step 5: Run a backup by hand", "Шаг 5: Запустить backup вручную")
        case .verification: Bilingual("Step 6: Verify the backup", "Шаг 6: Проверить целостность backup'а")
        case .credentials:
            Bilingual("Step 7: If the credentials of the store are to blame", "Шаг 7: Если проблема в credentials облачного хранилища")
        case .export: Bilingual("Step 8: If nothing helps", "Шаг 8: Если ничего не помогает")
        }
    }
}
