import BackupModel
import BackupReports

/// Section 5: the client programs a dump is taken with.
enum ClientRules {
    /// Releases that repaired what is dangerous in a dump, those of 2026-08-13: CVE-2025-8714 and CVE-2026-18408 (what a hostile server has put into a
    /// dump is run by psql, which first could not be kept from it by `\restrict`, and then was let go by `\unrestrict`), CVE-2026-6477 (`lo_read`) and
    /// CVE-2026-19385 (the types of a function's arguments), by which it gets at pg_dump itself.
    static let safeMinors = [14: 24, 15: 19, 16: 15, 17: 11, 18: 6]

    /// Nil where that release, or a newer one of its line, has none; of what is not mended any more every one has them.
    private static func safeMinor(of major: Int, than minor: Int) -> String? {
        guard major >= 14 else { return "14.24" }
        return safeMinors[major].flatMap { minor < $0 ? "\(major).\($0)" : nil }
    }

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
        guard let psql = found.psql, let needs = safeMinor(of: psql.major, than: psql.minor) else { return nil }
        let has = "\(psql.major).\(psql.minor)"
        let knows = RestrictCommand.isKnown(major: psql.major, minor: psql.minor)
        return outdated(
            found,
            Bilingual(
                "psql \(has) cannot be kept from running a script's own commands",
                "psql \(has) нельзя удержать от выполнения собственных команд скрипта"),
            knows
                ? Bilingual(
                    "CVE-2026-18408 (\\unrestrict) is mended in \(needs); it is in \(found.folder)",
                    "CVE-2026-18408 (\\unrestrict) исправлена в \(needs); он лежит в \(found.folder)")
                : Bilingual(
                    "it does not know \\restrict, by which a restore holds it; it is in \(found.folder)",
                    "он не знает \\restrict, которым его удерживает восстановление; он лежит в \(found.folder)"))
    }

    private static func minor(of found: PostgresCondition.Programs) -> Diagnosis? {
        guard let minor = found.minor, let needs = safeMinor(of: found.major, than: minor) else { return nil }
        let has = "\(found.major).\(minor)"
        return outdated(
            found, Bilingual("pg_dump \(has) has known security holes", "в pg_dump \(has) есть известные уязвимости"),
            Bilingual(
                "CVE-2025-8714, CVE-2026-6477 and CVE-2026-19385 are mended in \(needs); it is in \(found.folder)",
                "CVE-2025-8714, CVE-2026-6477 и CVE-2026-19385 исправлены в \(needs); он лежит в \(found.folder)"))
    }

    private static func outdated(_ found: PostgresCondition.Programs, _ cause: Bilingual, _ evidence: Bilingual) -> Diagnosis {
        Diagnosis(
            .clientMinor, .warning, cause, evidence: evidence,
            remedy: .init(
                "Install the newest release of the client.", "Установите последнюю версию клиента.",
                "apt install --only-upgrade \(PostgresPackages(release: found.major).client)"), subject: .init(target: .postgres))
    }
}

extension PostgresCondition.Server {
    /// `17` of `17.6`, and of `PostgreSQL 17.6`; nil where it says none.
    var major: Int? { Int(version.drop { !$0.isNumber }.prefix { $0.isNumber }) }
}
