import BackupModel
import BackupReports

/// Section 5: whether PostgreSQL can be reached, and why not; what keeps a dump from reading it.
enum PostgresRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let postgres = facts.postgres else { return [] }
        let around = facts.surroundings
        if let trouble = postgres.server.trouble { return [unreachable(trouble, around)] + programs(postgres.programs, around) }
        return postgres.databases.flatMap { of($0, around) } + programs(postgres.programs, around)
    }

    private static func of(_ database: PostgresCondition.Database, _ around: Surroundings) -> [Diagnosis] {
        switch database.contents {
        case .troubled(let trouble): return [unreachable(trouble, around, database: database.name)]
        case .known(let contents):
            return [
                contents.locks.isEmpty ? nil : locked(contents.locks, database.name, around),
                contents.lackingRights.map { rights($0, database.name, around) },
                contents.invalidIndexes.isEmpty ? nil : indexes(contents.invalidIndexes, database.name, around),
            ].compactMap { $0 }
        }
    }
}

extension PostgresRules {
    static func unreachable(_ trouble: Trouble, _ around: Surroundings, database: String? = nil) -> Diagnosis {
        let place = "\(around.postgres)"
        let (code, cause) = words(trouble.kind, place, database)
        return Diagnosis(
            code, .critical, cause, evidence: trouble.words, remedy: remedy(trouble, around),
            subject: .init(target: .postgres), team: trouble.kind == .unknownHost ? .devops : nil)
    }

    private static func words(_ kind: Trouble.Kind, _ place: String, _ database: String?) -> (DiagnosisCode, Bilingual) {
        switch kind {
        case .notListening: (.postgresDown, Bilingual("PostgreSQL at \(place) is not running", "PostgreSQL на \(place) не запущен"))
        case .unknownHost:
            (.postgresUnknownHost, Bilingual("the host of PostgreSQL has no address", "имя узла PostgreSQL не разрешается в адрес"))
        case .silent: (.postgresSilent, Bilingual("PostgreSQL at \(place) does not answer", "PostgreSQL на \(place) не отвечает"))
        case .notReady:
            (
                .postgresNotReady,
                Bilingual("PostgreSQL at \(place) is starting or stopping", "PostgreSQL на \(place) запускается или останавливается")
            )
        case .credentials: (.postgresPassword, Bilingual("PostgreSQL refuses our password", "PostgreSQL не принимает наш пароль"))
        case .accessRules:
            (
                .postgresAccessRules,
                Bilingual("PostgreSQL does not let us in by its pg_hba.conf", "PostgreSQL не впускает нас по правилам pg_hba.conf")
            )
        case .databaseMissing:
            (.databaseMissing, Bilingual("the database \(database ?? "") does not exist", "базы данных \(database ?? "") не существует"))
        case .crowded: (.postgresCrowded, Bilingual("all connections of PostgreSQL are taken", "все соединения PostgreSQL заняты"))
        default: (.postgresFailed, Bilingual("PostgreSQL at \(place) cannot be used", "PostgreSQL на \(place) не работает"))
        }
    }

    private static func remedy(_ trouble: Trouble, _ around: Surroundings) -> Diagnosis.Remedy {
        switch trouble.kind {
        case .notListening, .silent:
            .init(
                "Start it, wait until it answers, and look into its log.", "Запустите его, дождитесь ответа и посмотрите его лог.",
                trouble.kind == .silent ? around.restart(.postgres) : around.start(.postgres), around.postgresReady, around.logs(.postgres))
        case .unknownHost:
            .init(
                "Mend the host in DATABASE_URL or PGHOST, or name resolution.", "Исправьте узел в DATABASE_URL или PGHOST либо DNS.",
                "getent hosts \(Shell.quoted(around.postgres.host))", "call-center-admin config show")
        case .notReady:
            .init("Wait until it answers.", "Дождитесь, пока он ответит.", around.postgresReady, around.logs(.postgres))
        case .credentials:
            .init(
                "Put the right password into DATABASE_URL, PGPASSWORD or ~/.pgpass, or set it in the server; then restart the service.",
                "Укажите верный пароль в DATABASE_URL, PGPASSWORD или ~/.pgpass либо задайте его на сервере; затем перезапустите сервис.",
                around.psql(#"\password \#(around.roleIdentifier)"#), "call-center-admin config check", around.restart(.backup))
        case .accessRules:
            .init(
                "Let this host and role in by a line of pg_hba.conf, then reload it.",
                "Впустите этот узел и роль строкой в pg_hba.conf и перечитайте его.", around.psql("SHOW hba_file"),
                around.psql("SELECT pg_reload_conf()"), "call-center-admin config check")
        case .databaseMissing:
            .init(
                "If it was dropped, restore it; if its name changed, mend BACKUP_DATABASES.",
                "Если её удалили, восстановите её; если переименовали, исправьте BACKUP_DATABASES.",
                around.psql("SELECT datname FROM pg_database"), "call-center-admin db list", "call-center-admin db restore latest")
        case .crowded:
            .init(
                "See who holds them, end what is idle, or raise max_connections.",
                "Посмотрите, кто их держит, завершите простаивающие или поднимите max_connections.",
                around.psql("SELECT datname, usename, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC"),
                around.psql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle' AND state_change < now() - interval '10 min'"
                ))
        default:
            .init(
                trouble.hint ?? "Look into its log.", "Посмотрите его лог.", around.postgresReady, around.logs(.postgres))
        }
    }
}

extension PostgresRules {
    /// As long as a change of a table may well take.
    private static let brief = Duration.seconds(60)

    private static func locked(_ locks: [PostgresCondition.Lock], _ database: String, _ around: Surroundings) -> Diagnosis {
        let first = locks.max { $0.age < $1.age } ?? locks[0]
        let holder = "\(first.process) (\(first.user)\(first.application.isEmpty ? "" : ", \(first.application)"), \(first.age.briefly))"
        return Diagnosis(
            .tableLocked, first.age > brief ? .critical : .warning,
            Bilingual("the table \(first.table) is locked against reading", "таблица \(first.table) заблокирована для чтения"),
            evidence: Bilingual(
                "process \(holder) holds or waits for an exclusive lock\(more(locks.count))",
                "процесс \(holder) держит или ждёт исключительную блокировку\(more(locks.count))"),
            remedy: .init(
                "Let its transaction end, or end it; a backup waits for BACKUP_LOCK_TIMEOUT.",
                "Дождитесь конца транзакции или завершите её; backup ждёт BACKUP_LOCK_TIMEOUT.",
                around.psql("SELECT pid, state, query FROM pg_stat_activity WHERE pid = \(first.process)", database: database),
                around.psql("SELECT pg_terminate_backend(\(first.process))", database: database)),
            subject: .init(target: .postgres))
    }

    private static func more(_ count: Int) -> String { count > 1 ? " (+\(count - 1))" : "" }

    private static func rights(_ trouble: Trouble, _ database: String, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .rightsLacking, .critical,
            Bilingual(
                "the role \(around.role) may not read all of \(database)", "роль \(around.role) не может прочитать всю базу \(database)"),
            evidence: trouble.words,
            remedy: .init(
                "Grant what it lacks.", "Выдайте недостающие права.",
                around.psql("GRANT pg_read_all_data TO \(around.roleIdentifier)", database: database), "call-center-admin config check"),
            subject: .init(target: .postgres))
    }

    private static func indexes(_ names: [String], _ database: String, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .invalidIndex, .warning, Bilingual("\(database) has invalid indexes", "в базе \(database) есть недействительные индексы"),
            evidence: Bilingual(quoting: names.prefix(5).joined(separator: ", ")),
            remedy: .init(
                "Build them anew; a restore would build them as whole ones.", "Перестройте их; при восстановлении они строятся заново.",
                around.psql("REINDEX INDEX CONCURRENTLY \(names[0])", database: database)), subject: .init(target: .postgres))
    }

    /// Releases that repaired what is dangerous in a dump: CVE-2025-8714 (`\restrict`) and CVE-2026-6477 (`lo_read`).
    static let safeMinors = [14: 23, 15: 18, 16: 14, 17: 10, 18: 4]

    private static func programs(_ programs: Known<PostgresCondition.Programs>, _ around: Surroundings) -> [Diagnosis] {
        switch programs {
        case .troubled(let trouble):
            // Whether they fit is not known while the server does not answer; that is told by itself.
            guard trouble.kind == .invalid else { return [] }
            return [
                Diagnosis(
                    .clientPrograms, .critical, Bilingual("pg_dump does not fit the server", "pg_dump не подходит к серверу"),
                    evidence: trouble.words,
                    remedy: .init(
                        trouble.hint ?? "Install the client of the server's release.", "Установите клиент версии сервера.",
                        "apt install postgresql-client", "call-center-admin config check"), subject: .init(target: .postgres))
            ]
        case .known(let found):
            guard let minor = found.minor, let safe = safeMinors[found.major] ?? (found.major < 14 ? .max : nil), minor < safe else {
                return []
            }
            let (has, needs) = ("\(found.major).\(minor)", found.major < 14 ? "14.23" : "\(found.major).\(safe)")
            return [
                Diagnosis(
                    .clientMinor, .warning,
                    Bilingual("pg_dump \(has) has known security holes", "в pg_dump \(has) есть известные уязвимости"),
                    evidence: Bilingual(
                        "CVE-2025-8714 and CVE-2026-6477 are mended in \(needs); it is in \(found.folder)",
                        "CVE-2025-8714 и CVE-2026-6477 исправлены в \(needs); он лежит в \(found.folder)"),
                    remedy: .init(
                        "Install the newest release of the client.", "Установите последнюю версию клиента.",
                        "apt install --only-upgrade postgresql-client-\(found.major)"), subject: .init(target: .postgres))
            ]
        }
    }
}
