import BackupModel
import BackupReports

/// Why PostgreSQL, or one of its databases, does not let us in.
struct PostgresDoor {
    let trouble: Trouble
    let around: Surroundings
    /// Nil where it is the server itself.
    var database: PostgresCondition.Database?

    var diagnosis: Diagnosis {
        Diagnosis(
            code, .critical, cause, evidence: around.evidence(trouble.words, of: .postgres), remedy: remedy,
            subject: .init(target: .postgres),
            team: trouble.kind == .unknownHost ? .devops : nil)
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
        case .notListening: begin(around.start(.postgres))
        case .silent: begin(around.restart(.postgres))
        case .unknownHost: mendHost
        case .notReady: .init("Wait until it answers.", "Дождитесь, пока он ответит.", around.postgresReady, around.logs(.postgres))
        case .credentials: mendPassword
        case .accessRules: mendRules
        case .roleRefused: letRoleIn
        case .databaseMissing: findDatabase
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

    private var mendHost: Diagnosis.Remedy {
        .init(
            "Mend the host in DATABASE_URL or PGHOST, or name resolution.", "Исправьте узел в DATABASE_URL или PGHOST либо DNS.",
            "getent hosts \(Shell.quoted(around.postgres.host))", "call-center-admin config show")
    }

    private var mendPassword: Diagnosis.Remedy {
        .init(
            "Put the right password into DATABASE_URL, PGPASSWORD or ~/.pgpass, or set it in the server, where it may have expired; then "
                + "restart the service.",
            "Укажите верный пароль в DATABASE_URL, PGPASSWORD или ~/.pgpass либо задайте его на сервере, где его срок мог истечь; затем "
                + "перезапустите сервис.",
            around.psql("SELECT rolname, rolvaliduntil FROM pg_roles"), around.psql(#"\password \#(around.roleIdentifier)"#),
            "call-center-admin config check", around.restart(.backup))
    }

    private var mendRules: Diagnosis.Remedy {
        .init(
            "Let this host and role in by a line of pg_hba.conf, then reload it.",
            "Впустите этот узел и роль строкой в pg_hba.conf и перечитайте его.", around.psql("SHOW hba_file"),
            around.psql("SELECT pg_reload_conf()"), "call-center-admin config check")
    }

    private var letRoleIn: Diagnosis.Remedy {
        .init(
            "Let it log in, or mend the role in DATABASE_URL or PGUSER.", "Разрешите ей вход или исправьте роль в DATABASE_URL или PGUSER.",
            around.psql("ALTER ROLE \(around.roleIdentifier) LOGIN"), "call-center-admin config check")
    }

    private var findDatabase: Diagnosis.Remedy {
        .init(
            "If it was dropped, restore it as a role that may create databases; if its name changed, mend BACKUP_DATABASES.",
            "Если её удалили, восстановите её от имени роли, которой можно создавать базы; если переименовали, исправьте BACKUP_DATABASES.",
            around.psql("SELECT datname FROM pg_database"), "call-center-admin db list",
            "call-center-admin db restore latest --into \(Shell.quoted(name))")
    }

    /// Whoever closed it may have had a reason, so the list comes first.
    private var openDatabase: Diagnosis.Remedy {
        let identifier = database?.identifier ?? ""
        return .init(
            "Find out who closed it, then open it and let the role connect.", "Узнайте, кто её закрыл, затем откройте её и впустите роль.",
            around.psql("SELECT datname, datallowconn, datacl FROM pg_database"),
            around.psql("ALTER DATABASE \(identifier) ALLOW_CONNECTIONS true"),
            around.psql("GRANT CONNECT ON DATABASE \(identifier) TO \(around.roleIdentifier)"))
    }

    private var crowding: PostgresCrowding { PostgresCrowding(trouble.message, database) }
}
