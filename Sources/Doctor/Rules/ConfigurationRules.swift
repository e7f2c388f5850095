import BackupModel
import BackupReports

/// Section 7, the settings.
enum ConfigurationRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        let condition = facts.configuration
        let failures = [
            condition.unread.map { unread($0, condition.files) } ?? condition.failure.map { invalid($0, facts.surroundings) },
            condition.certificateFailure.map { unusable($0, facts.surroundings) },
            condition.mailFailure.map { unmailed($0, facts.surroundings) },
        ]
        return failures.compactMap { $0 } + condition.openFiles.map(readable)
            + condition.warnings.map { odd($0, facts.surroundings) }
    }

    private static func invalid(_ failure: RunFailure, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .configurationInvalid, .critical, Bilingual("the settings cannot be used", "настройки непригодны"),
            evidence: .said(([failure.message] + failure.others).joined(separator: "; ")),
            remedy: .init(
                failure.hint ?? "Mend what the message names, and check it; only then have the service read it.",
                "Исправьте то, что названо в сообщении, и проверьте; только потом дайте сервису это прочесть.",
                "call-center-admin config check", around.renewService(inEnvironment: failure.message.contains(" in the environment"))))
    }

    /// What reads them hangs as the doctor did; these looks end by themselves.
    private static func unread(_ trouble: Trouble, _ files: [String]) -> Diagnosis {
        Diagnosis(
            .configurationInvalid, .critical, Bilingual("the settings cannot be read", "настройки не читаются"), evidence: trouble.words,
            remedy: .init(
                "Ask again; if it stays so, see what file system they lie on, and bring back its disk, or the server it is of; every command waits for it until then.",
                "Повторите; если ничего не изменится, посмотрите, на какой файловой системе они лежат, и верните в строй её диск или сервер: до тех пор её ждут все команды.",
                ["findmnt --output TARGET,SOURCE,FSTYPE"] + files.map { "timeout --signal=KILL 5 stat --file-system \(Shell.quoted($0))" }))
    }

    /// A service that runs goes on with the one it has read; one that is started does not begin.
    private static func unusable(_ failure: RunFailure, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .certificateUnusable, .critical,
            Bilingual("the certificate for HTTPS cannot be used", "сертификат для HTTPS непригоден"),
            evidence: .said(failure.message),
            remedy: .init(
                "Put the right files there and check them; do not restart the service before: it goes on with those it has read, and does not "
                    + "start with these. " + (failure.hint ?? ""),
                "Положите на место правильные файлы и проверьте их; до этого не перезапускайте сервис: он работает с прочитанными прежде, а с "
                    + "этими не запустится.",
                "call-center-admin config check"
            ).or(onlyIf: "the check passes", "проверка пройдена", around.renewService()))
    }

    /// Nothing waits in the outbox before there is something to tell.
    private static func unmailed(_ failure: RunFailure, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .alertsUndelivered, .warning, Bilingual("no alert can be mailed", "оповещения по почте не отправить"),
            evidence: .said(failure.message),
            remedy: .init(
                "Put the file of authorities where BACKUP_SMTP_CA names it, or take the setting away, and check it.",
                "Положите файл удостоверяющих центров туда, где его ждёт BACKUP_SMTP_CA, или уберите настройку, и проверьте.",
                "call-center-admin config check"
            ).or(onlyIf: "the check passes", "проверка пройдена", around.renewService(), "call-center-admin alert test"))
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

    private static func odd(_ warning: String, _ around: Surroundings) -> Diagnosis {
        let look = "call-center-admin config show"
        let words: Diagnosis.Remedy =
            mayNameStore(warning)
            ? .init(
                "Mend its name or take it away, before anything is copied or removed: backups may be looked for in the wrong place.",
                "Исправьте её имя или уберите её, прежде чем что-либо копировать или удалять: копии могут искаться не там.", look)
            : .init("Mend its name or take it away.", "Исправьте её имя или уберите её.", look)
        return Diagnosis(
            .settingUnknown, .warning, Bilingual("a setting means nothing", "настройка ничего не значит"),
            evidence: OddSetting.words(warning),
            remedy: words.or(
                onlyIf: "that is done, and a service runs with it", "это сделано, а сервис работает с ней",
                around.renewService(inEnvironment: warning.contains(" in the environment"))))
    }

    /// Settings that say where backups lie, as `Setting` and the file of settings call them.
    private static let places = ["BACKUP_DIR", "backup.dir", "BACKUP_S3_", "s3.", "BACKUP_GCS_", "gcs.", "AWS_"]

    /// Whether that which means nothing may have been meant to say where backups lie. What it resembles is named, if it resembles anything.
    static func mayNameStore(_ warning: String) -> Bool {
        guard let guess = warning.firstRange(of: "did you mean ") else { return true }
        return places.contains { warning[guess.upperBound...].hasPrefix($0) }
    }
}
