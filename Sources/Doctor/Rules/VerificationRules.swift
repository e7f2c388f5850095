import BackupCatalog
import BackupModel
import BackupReports

/// Section 8: whether backups can be opened and proved. What verifications came to is told by `RunRules`.
enum VerificationRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] { keys(facts) + proof(facts) }

    private static func keys(_ facts: Examination) -> [Diagnosis] {
        guard let keys = facts.keys else { return [] }
        return [
            keys.unusable.map { unusable($0, keys.identityFile) }, keys.unopened.map { unopened($0, keys.identityFile) },
            keys.isEncrypting || keys.isDeclined || keys.unusable != nil ? nil : unencrypted(facts),
        ].compactMap { $0 }
    }

    /// After so many without it, somebody has meant it.
    private static let habit = 30

    /// Who takes the recipients away may not have meant to: the newest backup that is encrypted stands against the settings.
    private static func unencrypted(_ facts: Examination) -> Diagnosis? {
        let points = facts.service?.points ?? []
        guard let last = points.first(where: \.isEncrypted) else { return nil }
        let plain = points.prefix { $0.id != last.id }.count
        guard plain < habit else { return nil }
        return Diagnosis(
            .encryptionOff, .warning,
            Bilingual("backups are not encrypted any more", "резервные копии больше не шифруются"),
            evidence: Bilingual(
                "\(last.id) is encrypted, and \(plain.counted("backup")) after it not; BACKUP_AGE_RECIPIENTS is not set",
                "\(last.id) зашифрована, после неё незашифрованных копий: \(plain); BACKUP_AGE_RECIPIENTS не задан"),
            remedy: .init(
                "See who took the recipients out of the settings. Set BACKUP_AGE_RECIPIENTS again; the next backup is encrypted then. If they are to be "
                    + "out of them, set it to none.",
                "Узнайте, кто убрал получателей из настроек. Снова задайте BACKUP_AGE_RECIPIENTS: следующая копия будет зашифрована. Если "
                    + "шифровать и не нужно, задайте none.",
                "call-center-admin config show", "call-center-admin db show \(last.id)"
            ).or(
                onlyIf: "BACKUP_AGE_RECIPIENTS is set again", "BACKUP_AGE_RECIPIENTS снова задан",
                facts.surroundings.renewService(inEnvironment: facts.configuration.files.isEmpty), "call-center-admin db backup"))
    }

    private static func unusable(_ trouble: Trouble, _ file: String?) -> Diagnosis {
        // As `KeyFile` says it.
        let isOpen = trouble.message.contains("is too wide")
        guard isOpen, let file else { return keysUnusable(trouble, ["call-center-admin key check"]) }
        return keysUnusable(trouble, ["chmod 600 \(Shell.quoted(file))", "call-center-admin key check"])
    }

    private static func keysUnusable(_ trouble: Trouble, _ commands: [String]) -> Diagnosis {
        Diagnosis(
            .keyUnusable, .critical,
            Bilingual("the encryption keys of the settings cannot be used", "ключи шифрования из настроек непригодны"),
            evidence: trouble.words,
            remedy: commands.count > 1
                ? .init(
                    trouble.hint ?? "Take the rights of others away.", "Уберите права остальных: с этим файлом открывается каждая копия.",
                    commands)
                : .init(trouble.hint ?? "Put the key file back.", "Верните файл ключа на место.", commands))
    }

    /// The backup is as good as it was: another one would be of no more use to this identity.
    private static func unopened(_ trouble: Trouble, _ file: String?) -> Diagnosis {
        Diagnosis(
            .keyLost, .critical,
            Bilingual("no identity here opens the newest backup", "ни один здешний ключ не открывает последнюю резервную копию"),
            evidence: trouble.words,
            remedy: .init(
                "Name the identity it was encrypted to in BACKUP_AGE_IDENTITY_FILE.",
                "Укажите в BACKUP_AGE_IDENTITY_FILE ключ, для которого она зашифрована.",
                "call-center-admin config show", "call-center-admin key check"
            ).or(
                onlyIf: "that is lost for ever, and with it every backup there is: a new one, for the backups to come",
                "он утрачен навсегда, а с ним и все имеющиеся копии: новый, для следующих копий",
                "call-center-admin key generate \(Shell.quoted(file.map { $0 + ".new" } ?? "./identity.txt"))"))
    }

    private static func proof(_ facts: Examination) -> [Diagnosis] {
        guard let proof = facts.proof else { return [] }
        let packages = facts.postgres?.server.value?.major.map(PostgresPackages.init)
        return [
            proof.programs.trouble.map { impossible($0, packages) },
            proof.missingExtensions.isEmpty ? nil : lacking(proof.missingExtensions, packages),
        ].compactMap { $0 }
    }

    private static func impossible(_ trouble: Trouble, _ packages: PostgresPackages?) -> Diagnosis {
        Diagnosis(
            .proofImpossible, .warning,
            Bilingual("backups cannot be proved by restore on this host", "на этом узле копии нельзя проверить восстановлением"),
            evidence: trouble.words,
            remedy: packages.map { installation(of: $0) } ?? noInstallation(trouble))
    }

    /// Of the server's very release, with its programs: a client alone restores nothing.
    private static func installation(of packages: PostgresPackages) -> Diagnosis.Remedy {
        let (package, check) = (packages.server, "call-center-admin config check")
        return .init(
            "Install the server programs of PostgreSQL \(packages.release), or name their folder in PG_BIN_DIR.",
            "Установите серверные программы PostgreSQL \(packages.release) или укажите их папку в PG_BIN_DIR.", "apt install \(package)",
            check
        ).orOfPostgresSite([package], then: check).or(
            onlyIf: "this host is to have no server, once the settings say BACKUP_VERIFY_LEVEL=content",
            "серверу на этом узле не место и в настройках указано BACKUP_VERIFY_LEVEL=content", check)
    }

    private static func noInstallation(_ trouble: Trouble) -> Diagnosis.Remedy {
        .init(
            trouble.hint ?? "Install what is missing, or set BACKUP_VERIFY_LEVEL=content.",
            "Установите недостающее или задайте BACKUP_VERIFY_LEVEL=content.", "call-center-admin config check")
    }

    private static func lacking(_ extensions: [String], _ packages: PostgresPackages?) -> Diagnosis {
        Diagnosis(
            .extensionMissing, .warning,
            Bilingual("extensions that backups need are not installed here", "здесь не установлены расширения, нужные резервным копиям"),
            evidence: Bilingual(quoting: extensions.joined(separator: ", ")), remedy: installation(of: extensions, packages))
    }

    /// What nobody knows the package of is looked for.
    private static func installation(of extensions: [String], _ packages: PostgresPackages?) -> Diagnosis.Remedy {
        let known = extensions.compactMap { packages?.name(of: $0) }.withoutRepetitions
        let unknown = extensions.filter { packages?.name(of: $0) == nil }
        let install = known.isEmpty ? [] : ["apt install \(known.joined(separator: " "))"]
        let remedy = Diagnosis.Remedy(
            "Install their packages, so that backups can be proved by restore on this host.",
            "Установите их пакеты, чтобы копии можно было проверять восстановлением на этом узле.",
            install + unknown.map { "apt search postgresql | grep -i -- \(Shell.quoted($0))" })
        return known.isEmpty ? remedy : remedy.orOfPostgresSite(known, then: "call-center-admin config check")
    }
}

extension RecoveryPoint {
    fileprivate var isEncrypted: Bool { manifest.artifacts.contains { ArtifactName.isEncrypted($0.key) } }
}
