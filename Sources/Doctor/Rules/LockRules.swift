import BackupModel
import BackupReports

/// Section 1: whether somebody who is no run of ours keeps every run away.
enum LockRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        let sessions = facts.postgres?.databases.compactMap { database in
            database.contents.value?.lockStranger.map { session($0, database.name, facts.surroundings) }
        }
        return [facts.lockStranger.map { process($0, facts.surroundings) }].compactMap { $0 } + (sessions ?? [])
    }

    private static func process(_ stranger: RunningProcess, _ around: Surroundings) -> Diagnosis {
        let file = around.stateFolder.map { "\($0)/backup.lock" } ?? "backup.lock"
        let who = stranger.program.map { Bilingual("\($0), process \(stranger.id),", "\($0), процесс \(stranger.id),") }
        let holder = who ?? Bilingual("process \(stranger.id)", "процесс \(stranger.id)")
        return Diagnosis(
            .lockForeign, .critical,
            Bilingual(
                "a program that is none of ours holds the lock of runs", "блокировку запусков держит посторонняя программа"),
            evidence: Bilingual("\(holder.english) holds \(file)", "\(holder.russian) держит \(file)"),
            remedy: stranger.program == nil ? search(file, around) : ending(stranger, around))
    }

    private static func ending(_ stranger: RunningProcess, _ around: Surroundings) -> Diagnosis.Remedy {
        .init(
            "See what it is and who started it: no run begins while it holds the file.",
            "Узнайте, что это и кто её запустил: пока она держит файл, ни один запуск не начнётся.",
            around.shows(stranger.id)
        ).or(onlyIf: "nobody needs it", "она никому не нужна", around.ends(stranger.id))
    }

    /// The process that locked the file has ended, or cannot be seen: one that it began may hold on.
    private static func search(_ file: String, _ around: Surroundings) -> Diagnosis.Remedy {
        let inContainer = Shell.quoted("find /proc/[0-9]*/fd -lname \(Shell.quoted(file))")
        return .init(
            "See who has the file open: no run begins while it is locked.",
            "Посмотрите, кто держит файл открытым: пока он заблокирован, ни один запуск не начнётся.",
            around.manager == .compose ? "docker compose exec -T backup-service sh -c \(inContainer)" : "fuser -v \(Shell.quoted(file))")
    }

    /// It turns away whole runs, those of Redis as well.
    private static func session(_ stranger: LockSession, _ database: String, _ around: Surroundings) -> Diagnosis {
        let columns = "pid, usename, application_name, client_addr, backend_start, state, query"
        return Diagnosis(
            .lockForeign, .critical,
            Bilingual(
                "a session that is none of ours holds the lock of runs in \(database)",
                "блокировку запусков в базе \(database) держит посторонний сеанс"),
            evidence: stranger.words,
            remedy: .init(
                "See what it is: no backup begins while it holds advisory lock \(key).",
                "Узнайте, что это за сеанс: пока он держит advisory lock \(key), ни один backup не начнётся.",
                around.psql("SELECT \(columns) FROM pg_stat_activity WHERE pid = \(stranger.process)", database: database)
            ).or(
                onlyIf: "nobody needs what it does", "то, что он делает, никому не нужно",
                around.psql("SELECT pg_terminate_backend(\(stranger.process))", database: database)))
    }

    /// As `AdvisoryLock` has it.
    private static let key = "-712914534328673496"
}

extension LockSession {
    fileprivate var words: Bilingual {
        let name = application.flatMap { $0.isEmpty ? nil : $0 }
        // Who may not see others' sessions is not told since when they are, nor where from.
        let place: String? = address ?? (since == nil ? nil : "the server's own machine")
        let placeInRussian: String? = address ?? (since == nil ? nil : "самого сервера")
        let english = [
            name ?? "a program without a name", place.map { "from \($0)" },
            role.map { "as \($0)" }, since.map { "since \($0)" }, "server process \(process)",
        ]
        let russian = [
            name ?? "программа без имени", placeInRussian.map { "с \($0)" },
            role.map { "роль \($0)" }, since.map { "с \($0)" }, "процесс сервера \(process)",
        ]
        return Bilingual(
            english.compactMap { $0 }.joined(separator: ", "), russian.compactMap { $0 }.joined(separator: ", "))
    }
}
