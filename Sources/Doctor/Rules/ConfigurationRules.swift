import BackupModel
import BackupReports

/// Section 7, the settings.
enum ConfigurationRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        let condition = facts.configuration
        return [condition.failure.map { invalid($0, facts.surroundings) }].compactMap { $0 } + condition.openFiles.map(readable)
            + condition.warnings.map(odd)
    }

    private static func invalid(_ failure: RunFailure, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .configurationInvalid, .critical, Bilingual("the settings cannot be used", "настройки непригодны"),
            evidence: Bilingual(quoting: ([failure.message] + failure.others).joined(separator: "; ")),
            remedy: .init(
                failure.hint ?? "Mend what the message names, then restart the service.",
                "Исправьте то, что названо в сообщении, и перезапустите сервис.", "call-center-admin config check",
                around.restart(.backup)))
    }

    private static func readable(_ file: OpenFile) -> Diagnosis {
        Diagnosis(
            .secretReadable, .warning,
            Bilingual("others may read the secrets in \(file.path)", "секреты в \(file.path) доступны другим пользователям"),
            evidence: Bilingual("its mode is \(file.octal)", "права доступа: \(file.octal)"),
            remedy: .init(
                "Take the rights of others away; who may have read them is a reason to change the secrets.",
                "Уберите права остальных; если их мог кто-то прочесть, смените секреты.", "chmod o-rwx \(Shell.quoted(file.path))"))
    }

    private static func odd(_ warning: String) -> Diagnosis {
        Diagnosis(
            .settingUnknown, .warning, Bilingual("a setting means nothing", "настройка ничего не значит"),
            evidence: Bilingual(quoting: warning),
            remedy: .init(
                "Mend its name or take it away.", "Исправьте её имя или уберите её.", "call-center-admin config show"))
    }
}
