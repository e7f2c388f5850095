/// The section of the runbook that deals with something; a stable code, and its heading there.
package enum RunbookSection: String, Sendable, Codable, CaseIterable {
    case space = "step-1"
    case postgres = "step-2"
    case redis = "step-3"
    case restart = "step-4"
    case backup = "step-5"
    case verification = "step-6"
    case credentials = "step-7"
    case silence = "step-7a"
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
        case .silence: Bilingual("Step 7a: If the store does not answer", "Шаг 7а: Если хранилище не отвечает")
        case .export: Bilingual("Step 8: If nothing helps", "Шаг 8: Если ничего не помогает")
        }
    }
}

extension RunbookSection {
    /// What a link to the section ends with, as GitHub, GitLab and wikis make it of a heading; both languages of docs/runbook.md have it.
    package var anchor: String {
        String(heading.russian.lowercased().compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : nil })
    }

    /// A runbook's address, at this section. One that leads to a place of its own already stays as it is.
    package func link(in runbook: String) -> String {
        guard !runbook.contains("#") else { return runbook }
        let escaped = anchor.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 0x80 ? String(UnicodeScalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }
        return runbook + "#" + escaped.joined()
    }
}
