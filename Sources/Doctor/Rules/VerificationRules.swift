import BackupModel
import BackupReports

/// Section 8: whether backups can be opened and proved. What verifications came to is told by `RunRules`.
enum VerificationRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] { keys(facts) + proof(facts) }

    private static func keys(_ facts: Examination) -> [Diagnosis] {
        guard let keys = facts.keys else { return [] }
        return [
            keys.unusable.map { trouble in
                Diagnosis(
                    .keyUnusable, .critical,
                    Bilingual("the encryption keys of the settings cannot be used", "ключи шифрования из настроек непригодны"),
                    evidence: trouble.words,
                    remedy: .init(
                        trouble.hint ?? "Put the key file back.", "Верните файл ключа на место.", "call-center-admin key check"))
            },
            keys.unopened.map { trouble in
                Diagnosis(
                    .keyLost, .critical,
                    Bilingual("no key here opens the newest backup", "ни один здешний ключ не открывает последнюю резервную копию"),
                    evidence: trouble.words,
                    remedy: .init(
                        "Put the identity back that belongs to the recipients; without it take a backup with new keys now.",
                        "Верните ключ, соответствующий получателям; если его больше нет, сейчас же сделайте backup с новыми ключами.",
                        "call-center-admin key check", "call-center-admin key generate FILE", "call-center-admin db backup"))
            },
        ].compactMap { $0 }
    }

    private static func proof(_ facts: Examination) -> [Diagnosis] {
        guard let proof = facts.proof else { return [] }
        return [
            proof.programs.trouble.map { trouble in
                Diagnosis(
                    .proofImpossible, .warning,
                    Bilingual("backups cannot be proved by restore on this host", "на этом узле копии нельзя проверить восстановлением"),
                    evidence: trouble.words,
                    remedy: .init(
                        trouble.hint ?? "Install what is missing, or set BACKUP_VERIFY_LEVEL=content.",
                        "Установите недостающее или задайте BACKUP_VERIFY_LEVEL=content.", "call-center-admin config check"))
            },
            proof.missingExtensions.isEmpty ? nil : lacking(proof.missingExtensions),
        ].compactMap { $0 }
    }

    private static func lacking(_ extensions: [String]) -> Diagnosis {
        Diagnosis(
            .extensionMissing, .warning,
            Bilingual("extensions that backups need are not installed here", "здесь не установлены расширения, нужные резервным копиям"),
            evidence: Bilingual(quoting: extensions.joined(separator: ", ")),
            remedy: .init(
                "Install their packages, so that backups can be proved by restore on this host.",
                "Установите их пакеты, чтобы копии можно было проверять восстановлением на этом узле.",
                "apt search postgresql | grep -i \(extensions[0])"))
    }
}
