import BackupModel
import BackupReports

/// Section 5: the client programs a dump is taken with.
enum ClientRules {
    /// Releases that repaired what is dangerous in a dump: CVE-2025-8714 (`\restrict`) and CVE-2026-6477 (`lo_read`).
    static let safeMinors = [14: 23, 15: 18, 16: 14, 17: 10, 18: 4]

    static func all(_ programs: Known<PostgresCondition.Programs>) -> [Diagnosis] {
        switch programs {
        // Whether they fit is not known while the server does not answer; that is told by itself.
        case .troubled(let trouble): trouble.kind == .invalid ? [misfit(trouble)] : []
        case .known(let found): [minor(of: found)].compactMap { $0 }
        }
    }

    private static func misfit(_ trouble: Trouble) -> Diagnosis {
        Diagnosis(
            .clientPrograms, .critical, Bilingual("pg_dump does not fit the server", "pg_dump не подходит к серверу"),
            evidence: trouble.words,
            remedy: .init(
                trouble.hint ?? "Install the client of the server's release.", "Установите клиент версии сервера.",
                "apt install postgresql-client", "call-center-admin config check"), subject: .init(target: .postgres))
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
                "apt install --only-upgrade postgresql-client-\(found.major)"), subject: .init(target: .postgres))
    }
}
