import BackupModel
import BackupReports

/// Section 5: what keeps a dump from reading PostgreSQL; why it does not let us in is `PostgresDoor`.
enum PostgresRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let postgres = facts.postgres else { return [] }
        let around = facts.surroundings
        let programs = ClientRules.all(postgres)
        if let trouble = postgres.server.trouble { return [PostgresDoor(trouble: trouble, facts: facts).diagnosis] + programs }
        return postgres.databases.flatMap { of($0, facts, around) } + programs
    }

    private static func of(_ database: PostgresCondition.Database, _ facts: Examination, _ around: Surroundings) -> [Diagnosis] {
        switch database.contents {
        case .troubled(let trouble): return [PostgresDoor(trouble: trouble, facts: facts, database: database).diagnosis]
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
    /// As long as a change of a table may well take.
    private static let brief = Duration.seconds(60)

    private static func locked(_ locks: [PostgresCondition.Lock], _ database: String, _ around: Surroundings) -> Diagnosis {
        let first = locks.max { ($0.age ?? .zero) < ($1.age ?? .zero) } ?? locks[0]
        let (holder, more) = (first.words, locks.count > 1 ? " (+\(locks.count - 1))" : "")
        return Diagnosis(
            .tableLocked, (first.age ?? .zero) > brief ? .critical : .warning,
            Bilingual("the table \(first.table) is locked against reading", "таблица \(first.table) заблокирована для чтения"),
            evidence: Bilingual(
                "\(holder.english) holds or waits for an exclusive lock\(more)",
                "\(holder.russian) держит или ждёт исключительную блокировку\(more)"),
            remedy: release(first.holder, database, around), subject: .init(target: .postgres))
    }

    private static func release(_ holder: PostgresCondition.Lock.Holder, _ database: String, _ around: Surroundings) -> Diagnosis.Remedy {
        switch holder {
        case .session(let process):
            .init(
                "See what it does, and let its transaction end; a backup waits for BACKUP_LOCK_TIMEOUT.",
                "Посмотрите, что он делает, и дождитесь конца транзакции; backup ждёт BACKUP_LOCK_TIMEOUT.",
                around.psql("SELECT pid, state, query FROM pg_stat_activity WHERE pid = \(process)", database: database)
            ).or(
                onlyIf: "nobody needs what it does, which is undone then", "никому не нужно то, что он делает: оно будет отменено",
                around.psql("SELECT pg_terminate_backend(\(process))", database: database))
        case .prepared(let name):
            .init(
                "Ask whoever coordinates it how it is to end.", "Спросите её координатора, чем она должна кончиться.",
                around.psql("SELECT gid, prepared, owner FROM pg_prepared_xacts", database: database, as: .own)
            ).or(
                onlyIf: "nobody knows it any more", "о ней никто больше не помнит",
                around.psql("ROLLBACK PREPARED \(name)", database: database))
        }
    }

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
}

extension PostgresCondition.Lock {
    /// Who it is, and since when.
    fileprivate var words: Bilingual {
        let who = application.isEmpty ? user : "\(user), \(application)"
        let english = age.map { $0.briefly } ?? "since when is not visible to this role"
        let russian = age.map { $0.inRussian } ?? "с какого времени, этой роли не видно"
        return switch holder {
        case .session(let process):
            Bilingual("process \(process) (\(who), \(english))", "процесс \(process) (\(who), \(russian))")
        case .prepared(let name):
            Bilingual("the prepared transaction \(name) (\(who), \(english))", "подготовленная транзакция \(name) (\(who), \(russian))")
        }
    }
}
