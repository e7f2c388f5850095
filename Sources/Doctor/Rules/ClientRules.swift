import BackupModel
import BackupReports

/// Section 5: the client programs a dump is taken with.
enum ClientRules {
    /// Releases that repaired what is dangerous in a dump: CVE-2025-8714 (`\restrict`) and CVE-2026-6477 (`lo_read`).
    static let safeMinors = [14: 23, 15: 18, 16: 14, 17: 10, 18: 4]

    static func all(_ postgres: PostgresCondition) -> [Diagnosis] {
        switch postgres.programs {
        // Whether they fit is not known while the server does not answer; that is told by itself.
        case .troubled(let trouble): trouble.kind == .invalid ? [misfit(trouble, needed: postgres.server.value?.major)] : []
        case .known(let found): [minor(of: found) ?? psql(of: found)].compactMap { $0 }
        }
    }

    private static func misfit(_ trouble: Trouble, needed: Int?) -> Diagnosis {
        Diagnosis(
            .clientPrograms, .critical, Bilingual("pg_dump does not fit the server", "pg_dump не подходит к серверу"),
            evidence: trouble.words, remedy: needed.map(installation) ?? unknownRelease(trouble), subject: .init(target: .postgres))
    }

    /// The package without a number is the distribution's own release, as a rule the very one that is too old.
    private static func installation(of release: Int) -> Diagnosis.Remedy {
        let (package, check) = (PostgresPackages(release: release).client, "call-center-admin config check")
        return .init(
            "Install the client of PostgreSQL \(release), or name its folder in PG_BIN_DIR.",
            "Установите клиент PostgreSQL \(release) или укажите его папку в PG_BIN_DIR.", "apt install \(package)", check
        ).orOfPostgresSite([package], then: check)
    }

    private static func unknownRelease(_ trouble: Trouble) -> Diagnosis.Remedy {
        .init(
            trouble.hint ?? "Install the client of the server's release.", "Установите клиент версии сервера.",
            "call-center-admin config check")
    }

    /// It is beside a pg_dump that has no holes; the two may be of different packages.
    private static func psql(of found: PostgresCondition.Programs) -> Diagnosis? {
        guard let psql = found.psql, !RestrictCommand.isKnown(major: psql.major, minor: psql.minor) else { return nil }
        let has = "\(psql.major).\(psql.minor)"
        return Diagnosis(
            .clientMinor, .warning,
            Bilingual(
                "psql \(has) cannot be kept from running a script's own commands",
                "psql \(has) нельзя удержать от выполнения собственных команд скрипта"),
            evidence: Bilingual(
                "it does not know \\restrict, by which a restore holds it; it is in \(found.folder)",
                "он не знает \\restrict, которым его удерживает восстановление; он лежит в \(found.folder)"),
            remedy: .init(
                "Install the newest release of the client.", "Установите последнюю версию клиента.",
                "apt install --only-upgrade \(PostgresPackages(release: found.major).client)"), subject: .init(target: .postgres))
    }

    private static func minor(of found: PostgresCondition.Programs) -> Diagnosis? {
        guard let minor = found.minor, let safe = safeMinors[found.major] ?? (found.major < 14 ? .max : nil), minor < safe else {
            return nil
        }
        let (has, needs) = ("\(found.major).\(minor)", found.major < 14 ? "14.23" : "\(found.major).\(safe)")
        return Diagnosis(
            .clientMinor, .warning, Bilingual("pg_dump \(has) has known security holes", "в pg_dump \(has) есть известные уязвимости"),
            evidence: Bilingual(
                "CVE-2025-8714 and CVE-2026-6477 are mended in \(needs); it is in \(found.folder)",
                "CVE-2025-8714 и CVE-2026-6477 исправлены в \(needs); он лежит в \(found.folder)"),
            remedy: .init(
                "Install the newest release of the client.", "Установите последнюю версию клиента.",
                "apt install --only-upgrade \(PostgresPackages(release: found.major).client)"), subject: .init(target: .postgres))
    }
}

extension PostgresCondition.Server {
    /// `17` of `17.6`, and of `PostgreSQL 17.6`; nil where it says none.
    var major: Int? { Int(version.drop { !$0.isNumber }.prefix { $0.isNumber }) }
}
