import BackupModel
import BackupReports

/// Why PostgreSQL, or one of its databases, does not let us in.
struct PostgresDoor {
    let trouble: Trouble
    let facts: Examination
    /// Nil where it is the server itself.
    var database: PostgresCondition.Database?

    private var around: Surroundings { facts.surroundings }

    var diagnosis: Diagnosis {
        Diagnosis(
            code, .critical, cause, evidence: evidence, remedy: remedy,
            subject: .init(target: .postgres),
            team: trouble.kind == .unknownHost ? .devops : nil)
    }

    private var evidence: Bilingual {
        let words = around.evidence(trouble.words, of: .postgres)
        guard database == nil, let log = facts.postgres?.lastWords else { return words }
        return Bilingual("\(words.english); its log: \(log)", "\(words.russian); в его логе: «\(log)»")
    }

    private var code: DiagnosisCode {
        switch trouble.kind {
        case .notListening: .postgresDown
        case .unknownHost: .postgresUnknownHost
        case .silent: .postgresSilent
        case .notReady: .postgresNotReady
        case .credentials: .postgresPassword
        case .accessRules: .postgresAccessRules
        case .roleRefused: .postgresRole
        case .databaseMissing: .databaseMissing
        case .databaseClosed: .databaseClosed
        case .crowded: .postgresCrowded
        default: .postgresFailed
        }
    }

    private var name: String { database?.name ?? "" }
}

extension PostgresDoor {
    private var cause: Bilingual {
        let place = "\(around.postgres)"
        return switch trouble.kind {
        case .notListening: Bilingual("PostgreSQL at \(place) is not running", "PostgreSQL на \(place) не запущен")
        case .unknownHost: Bilingual("the host of PostgreSQL has no address", "имя узла PostgreSQL не разрешается в адрес")
        case .silent: Bilingual("PostgreSQL at \(place) does not answer", "PostgreSQL на \(place) не отвечает")
        case .notReady:
            Bilingual("PostgreSQL at \(place) is starting or stopping", "PostgreSQL на \(place) запускается или останавливается")
        case .credentials: Bilingual("PostgreSQL refuses our password", "PostgreSQL не принимает наш пароль")
        case .accessRules:
            Bilingual("PostgreSQL does not let us in by its pg_hba.conf", "PostgreSQL не впускает нас по правилам pg_hba.conf")
        case .roleRefused: Bilingual("PostgreSQL does not let the role \(around.role) log in", "PostgreSQL не впускает роль \(around.role)")
        case .databaseMissing: Bilingual("the database \(name) does not exist", "базы данных \(name) не существует")
        case .databaseClosed: Bilingual("the database \(name) does not let us in", "база данных \(name) не впускает нас")
        case .crowded: crowding.cause(around)
        default: Bilingual("PostgreSQL at \(place) cannot be used", "PostgreSQL на \(place) не работает")
        }
    }

    private var remedy: Diagnosis.Remedy {
        switch trouble.kind {
        case .notListening: elsewhere(begin(around.start(.postgres)))
        case .silent: lookFirst
        case .unknownHost: mendHost
        case .notReady: wait
        case .credentials: mendPassword
        case .accessRules: admission.remedy
        case .roleRefused: letRoleIn
        case .databaseMissing: MissingDatabase(name: name, nearest: database?.nearest, facts: facts).remedy
        case .databaseClosed: openDatabase
        case .crowded: crowding.remedy(around)
        default: .init(trouble.hint ?? "Look into its log.", "Посмотрите его лог.", around.postgresReady, around.logs(.postgres))
        }
    }
}

extension PostgresDoor {
    private func begin(_ command: String) -> Diagnosis.Remedy {
        .init(
            "Start it, wait until it answers, and look into its log.", "Запустите его, дождитесь ответа и посмотрите его лог.", command,
            around.postgresReady, around.logs(.postgres))
    }

    /// A restart cuts everybody's sessions off, and then recovers for as long as that takes.
    private var lookFirst: Diagnosis.Remedy {
        .init(
            "It runs, or the network swallows what is asked: see whether it is stopped (T), waits for a disk (D) or is at work (R), and what "
                + "its log says.",
            "Он работает, либо запросы теряются в сети: посмотрите, остановлен ли он (T), ждёт диска (D) или занят (R) и что в логе.",
            around.processes(.postgres), around.logs(.postgres)
        ).or(
            onlyIf: "it hangs for good, and everybody's sessions may be cut off", "он завис навсегда, и все сеансы можно оборвать",
            around.restart(.postgres), around.postgresReady)
    }

    /// A shutdown that waits for the sessions there are lets nobody in, and may do so for ever.
    private var wait: Diagnosis.Remedy {
        .init("Wait until it answers.", "Дождитесь, пока он ответит.", around.postgresReady, around.logs(.postgres)).or(
            onlyIf: "its log says that it is shutting down, and sessions nobody needs keep it from its end",
            "по логу он останавливается и завершиться ему мешают никому не нужные сессии", around.restart(.postgres), around.postgresReady)
    }

    private var mendHost: Diagnosis.Remedy {
        .init(
            "Mend the host in DATABASE_URL or PGHOST, or name resolution.", "Исправьте узел в DATABASE_URL или PGHOST либо DNS.",
            "getent hosts \(Shell.quoted(around.postgres.host))", "call-center-admin config show")
    }

    private var mendPassword: Diagnosis.Remedy {
        .init(
            "See whether there is such a role and its password has expired; the right one belongs into DATABASE_URL, PGPASSWORD or ~/.pgpass.",
            "Посмотрите, есть ли такая роль и не истёк ли её пароль; верный пароль указывают в DATABASE_URL, PGPASSWORD или ~/.pgpass.",
            around.psql("SELECT rolname, rolvaliduntil FROM pg_roles"), "call-center-admin config check"
        ).or(
            onlyIf: "the settings had the wrong one, once you have mended them", "неверный пароль был в настройках и вы его исправили",
            "call-center-admin config check", around.restart(.backup)
        ).or(
            onlyIf: "the settings are right and the server has another one: it is asked for twice at the terminal",
            "настройки верны, а на сервере задан другой: его дважды спросят в терминале",
            around.psql(#"\password \#(around.roleIdentifier)"#), "call-center-admin config check"
        ).or(
            onlyIf: "its time has run out, and the role is to go on", "срок пароля истёк, а роль ещё нужна",
            around.psql("ALTER ROLE \(around.roleIdentifier) VALID UNTIL 'infinity'"), "call-center-admin config check")
    }

    private var admission: PostgresAdmission {
        PostgresAdmission(
            message: trouble.message, around: around, databases: facts.postgres?.databases.map(\.name) ?? [],
            file: facts.postgres?.server.value?.accessFile)
    }

    /// Another server of this machine may be the one that is meant.
    private func elsewhere(_ start: Diagnosis.Remedy) -> Diagnosis.Remedy {
        (facts.postgres?.neighbours ?? []).reduce(start) { remedy, place in
            let host = place.host == around.postgres.host ? nil : around.line("PGHOST", place.host)
            let lines = [host, around.line("PGPORT", "\(place.port)")].compactMap { $0 }
            let (english, russian) = (lines.map(\.english).joined(separator: ", "), lines.map(\.russian).joined(separator: ", "))
            return remedy.or(
                onlyIf: "the PostgreSQL that answers on port \(place.port) is the one that is meant, once the settings say \(english)",
                "нужен тот PostgreSQL, что отвечает на порту \(place.port), и в настройках указано \(russian)",
                "call-center-admin config check", around.restart(.backup))
        }
    }

    private var letRoleIn: Diagnosis.Remedy {
        .init(
            "See what the server knows of it; DATABASE_URL or PGUSER may name another one than is meant.",
            "Посмотрите, что о ней знает сервер; в DATABASE_URL или PGUSER может быть не та роль.",
            around.psql("SELECT rolname, rolcanlogin FROM pg_roles"), "call-center-admin config show"
        ).or(
            onlyIf: "it is the right role, and nobody has shut it out on purpose", "роль верная и вход ей закрыли не намеренно",
            around.psql("ALTER ROLE \(around.roleIdentifier) LOGIN"), "call-center-admin config check")
    }

    /// Whoever closed it may have had a reason.
    private var openDatabase: Diagnosis.Remedy {
        let identifier = database?.identifier ?? ""
        return Diagnosis.Remedy(
            "Find out who closed it, and why.", "Узнайте, кто её закрыл и почему.",
            around.psql("SELECT datname, datallowconn, datacl FROM pg_database", as: .own)
        ).or(
            onlyIf: "datallowconn is f, and it is to be open again", "datallowconn равно f и её нужно снова открыть",
            around.psql("ALTER DATABASE \(identifier) ALLOW_CONNECTIONS true")
        ).or(
            onlyIf: "datacl lacks the right (c) of this role, which is to have it", "в datacl нет права (c) этой роли и оно ей нужно",
            around.psql("GRANT CONNECT ON DATABASE \(identifier) TO \(around.roleIdentifier)"))
    }

    private var crowding: PostgresCrowding { PostgresCrowding(trouble.message, database) }
}
