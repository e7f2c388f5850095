import BackupCatalog
import BackupModel
import BackupReports

/// Section 5, a server that answers: what will become a danger to it, or to a dump of it.
enum PostgresServerRules {
    /// From when on a transaction is long.
    static let longTransaction = Duration.seconds(3600)
    /// How much write-ahead log a slot may hold, in bytes.
    static let slotLimit: Int64 = 5 << 30
    /// PostgreSQL refuses writes at about 2.1 thousand million, and begins to warn at 40 million before.
    static let ageLimit: Int64 = 1_500_000_000

    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let server = facts.postgres?.server.value else { return [] }
        let around = facts.surroundings
        let rules = [connections, transactions, slots, archiver]
        return rules.compactMap { $0(server, around) } + [checksums(server, facts), age(server, around)].compactMap { $0 }
    }

    private static func warning(
        _ code: DiagnosisCode, _ severity: Severity, _ cause: Bilingual, _ evidence: Bilingual, _ remedy: Diagnosis.Remedy
    ) -> Diagnosis {
        Diagnosis(code, severity, cause, evidence: evidence, remedy: remedy, subject: .init(target: .postgres))
    }

    private static func connections(_ server: PostgresCondition.Server, _ around: Surroundings) -> Diagnosis? {
        let usable = server.maxConnections - server.reserved
        guard usable > 0, server.connections * 10 >= usable * 9 else { return nil }
        return warning(
            .connectionsNearLimit, .warning,
            Bilingual("nearly all connections of PostgreSQL are taken", "почти все соединения PostgreSQL заняты"),
            Bilingual(
                "\(server.connections) of \(usable) for ordinary roles; a backup takes several",
                "\(server.connections) из \(usable) для обычных ролей; backup'у нужно несколько"),
            .init(
                "See who holds them, or raise max_connections.", "Посмотрите, кто их держит, или поднимите max_connections.",
                around.psql("SELECT datname, usename, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC")
            ).orEndingIdleSessions(around))
    }

    private static func transactions(_ server: PostgresCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard let oldest = server.longTransactions.max(by: { $0.age < $1.age }), oldest.age > longTransaction else { return nil }
        let name = oldest.application.isEmpty ? oldest.user : "\(oldest.user), \(oldest.application)"
        return warning(
            .longTransaction, .warning,
            Bilingual("a transaction has been open for \(oldest.age.briefly)", "транзакция открыта уже \(oldest.age.inRussian)"),
            Bilingual("process \(oldest.process) (\(name))", "процесс \(oldest.process) (\(name))"),
            .init(
                "See what it does.", "Посмотрите, что она делает.",
                around.psql("SELECT pid, state, query FROM pg_stat_activity WHERE pid = \(oldest.process)")
            ).or(
                onlyIf: "nobody needs what it does, which is undone then", "никому не нужно то, что она делает: оно будет отменено",
                around.psql("SELECT pg_terminate_backend(\(oldest.process))")))
    }

    private static func slots(_ server: PostgresCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard let slot = server.slots.max(by: { $0.retained < $1.retained }), slot.retained > slotLimit else { return nil }
        return warning(
            .slotHoldsLog, slot.isActive ? .warning : .critical,
            Bilingual("the replication slot \(slot.name) fills the server's disk", "слот репликации \(slot.name) заполняет диск сервера"),
            Bilingual(
                "it holds \(ByteSize(slot.retained)) of write-ahead log\(slot.isActive ? "" : " and nobody reads it")",
                "он удерживает \(ByteSize(slot.retained).inRussian) WAL\(slot.isActive ? "" : ", и его никто не читает")"),
            .init(
                "See whose it is, and bring its reader back.", "Посмотрите, чей он, и верните его читателя.",
                around.psql("SELECT * FROM pg_replication_slots", as: .own)
            ).or(
                onlyIf: "its reader is gone for good", "читателя больше нет и не будет",
                around.psql("SELECT pg_drop_replication_slot('\(slot.name)')")))
    }

    private static func archiver(_ server: PostgresCondition.Server, _ around: Surroundings) -> Diagnosis? {
        server.archiver.map { failure in
            warning(
                .archiverFails, .warning, Bilingual("PostgreSQL cannot archive its log", "PostgreSQL не может архивировать WAL"),
                Bilingual(
                    "\(failure.segment) could not be archived, last tried at \(failure.lastTried), \(failure.failures.counted("time"))",
                    "\(failure.segment) не удалось архивировать, последняя попытка \(failure.lastTried), всего: \(failure.failures)"),
                .init(
                    "Mend archive_command; until then the log fills the server's disk.",
                    "Исправьте archive_command; до тех пор WAL заполняет диск сервера.",
                    around.psql("SELECT * FROM pg_stat_archiver", as: .own),
                    around.logs(.postgres)))
        }
    }

    private static func checksums(_ server: PostgresCondition.Server, _ facts: Examination) -> Diagnosis? {
        guard let damaged = server.checksumFailures.first else { return nil }
        return warning(
            .checksumFailures, .critical,
            Bilingual("pages of \(damaged.database) are damaged on the disk", "страницы базы \(damaged.database) повреждены на диске"),
            Bilingual("\(damaged.count.counted("checksum failure"))", "ошибок контрольных сумм: \(damaged.count)"),
            keeping(newestProved(facts), facts.surroundings))
    }

    /// Not the newest of all: what is copied off a damaged disk may be damaged.
    private static func keeping(_ good: RecoveryPointID?, _ around: Surroundings) -> Diagnosis.Remedy {
        let looks = ["dmesg | tail -n 50", around.logs(.postgres)]
        guard let good else {
            return .init(
                "No backup is verified and not doubted: see which are old enough, and pin them; look at the disk, and restore into a new server.",
                "Проверенной копии без сомнений нет: посмотрите, какие достаточно старые, и закрепите их; проверьте диск и восстановите данные на "
                    + "новый сервер.", ["call-center-admin db list"] + looks)
        }
        return .init(
            "Keep \(good), the newest backup that is verified and not doubted: pin it. Then look at the disk, and restore into a new server.",
            "Сохраните \(good), последнюю проверенную копию без сомнений: закрепите её. Затем проверьте диск и восстановите данные на новый "
                + "сервер.", ["call-center-admin db pin \(good)"] + looks)
    }

    private static func newestProved(_ facts: Examination) -> RecoveryPointID? {
        let points = (facts.service?.points ?? []).filter { point in
            !point.dumps.isEmpty && point.dumps.allSatisfy(point.isProved) && !point.manifest.startedAt.isFuture(at: facts.now)
        }
        return points.map(\.id).max()
    }

    private static func age(_ server: PostgresCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard let oldest = server.oldestAge, oldest.transactions > ageLimit else { return nil }
        return warning(
            .wraparound, .critical,
            Bilingual("\(oldest.database) runs out of transaction ids", "в базе \(oldest.database) кончаются номера транзакций"),
            Bilingual(
                "its oldest is \(oldest.transactions.grouped) old; at 2,100,000,000 writes are refused",
                "возраст самого старого: \(oldest.transactions); на 2 100 000 000 запись прекратится"),
            .init("Freeze it now.", "Выполните VACUUM FREEZE сейчас.", around.freeze))
    }
}

extension Duration {
    /// `3 ч`, where `briefly` says `3 h`.
    var inRussian: String {
        let words = briefly.split(separator: " ")
        let units = ["s": "с", "min": "мин", "h": "ч", "d": "д"]
        return "\(words[0]) \(units[String(words[1])] ?? String(words[1]))"
    }
}
