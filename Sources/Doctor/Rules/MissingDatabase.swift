import BackupCatalog
import BackupModel
import BackupReports

/// What to do about a database that is not there: whether it has another name now, or has to come back out of a backup, and which one that is.
struct MissingDatabase {
    let name: String
    /// What it may be called now.
    let nearest: String?
    let facts: Examination

    private var around: Surroundings { facts.surroundings }

    var remedy: Diagnosis.Remedy {
        let (words, restore) = choice
        let start = Diagnosis.Remedy(
            "See what databases there are\(there.english). \(words.english)",
            "Посмотрите, какие базы есть\(there.russian). \(words.russian)",
            around.psql("SELECT datname FROM pg_database", as: .own), "call-center-admin db list")
        let renamed = start.or(
            onlyIf: "it has another name now, once the settings say \(setting(nearest ?? "NAME").english)",
            "теперь она называется иначе и в настройках указано \(setting(nearest ?? "ИМЯ").russian)",
            "call-center-admin config check", around.restart(.backup))
        guard let restore else { return renamed }
        return renamed.or(
            onlyIf: "it was dropped, and whoever types this may create databases",
            "её удалили, и у вас есть право создавать базы", restore)
    }

    private var there: Bilingual {
        let names = facts.postgres?.server.value?.sizes.map(\.database) ?? []
        guard !names.isEmpty else { return Bilingual("", "") }
        let list = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
        let guess = nearest.map { Bilingual("; it may be \($0) now", "; возможно, теперь это \($0)") } ?? Bilingual("", "")
        return Bilingual(" (\(list)\(guess.english))", " (\(list)\(guess.russian))")
    }

    /// The line of the settings, and where it stands.
    private func setting(_ new: String) -> Bilingual {
        let names = (facts.postgres?.databases.map(\.name) ?? [name]).map { $0 == name ? new : $0 }
        let given = around.settingPlaces
        // Goes before all others, and is the only one that holds several.
        let isList = names.count > 1 || given["BACKUP_DATABASES"] != nil || given["DATABASE_URL"] != nil
        let single = isList ? nil : ["PGDATABASE", "POSTGRES_DB"].first { given[$0] != nil }
        return around.line(single ?? "BACKUP_DATABASES", names.joined(separator: ","))
    }
}

extension MissingDatabase {
    /// Backups that have a dump of it, the newest first.
    private var points: [RecoveryPoint] {
        let all = facts.service?.points ?? []
        return all.filter { dump(in: $0) != nil && !$0.manifest.startedAt.isFuture(at: facts.now) }.sorted { $0.id > $1.id }
    }

    private func dump(in point: RecoveryPoint) -> Artifact? { point.dumps.first { $0.database == name } }

    private func isProved(_ point: RecoveryPoint) -> Bool { dump(in: point).map(point.isProved) ?? false }

    /// Which backup it comes back out of, and why not a newer one.
    private var choice: (words: Bilingual, commands: [String]?) {
        guard let newest = points.first else {
            return (Bilingual("No backup has it.", "Ни в одной резервной копии её нет."), nil)
        }
        if let good = points.first(where: isProved) {
            let words = Bilingual(
                "Of its backups \(good.id) is the newest that is verified and not doubted",
                "Последняя проверенная копия без сомнений: \(good.id)")
            guard good.id != newest.id else { return (Bilingual("\(words.english).", "\(words.russian)."), [restore(good)]) }
            let why = newest.doubt
            return (
                Bilingual("\(words.english): \(newest.id) \(why.english).", "\(words.russian); \(newest.id) \(why.russian)."),
                [restore(good)]
            )
        }
        return unproved(newest)
    }

    /// What was never checked is checked before it is trusted; what is doubted is nobody's to choose unseen.
    private func unproved(_ newest: RecoveryPoint) -> (words: Bilingual, commands: [String]?) {
        guard let whole = points.first(where: { $0.isSound && !$0.isSuspicious }) else {
            let why = newest.doubt
            return (
                Bilingual(
                    "None of its backups is verified and not doubted: \(newest.id) \(why.english). Look at each before one is restored.",
                    "Проверенной копии без сомнений нет ни одной: \(newest.id) \(why.russian). Посмотрите каждую, прежде чем восстанавливать."
                ),
                nil
            )
        }
        return (
            Bilingual(
                "None of its backups is verified yet; \(whole.id) is the newest nobody doubts, and is checked first.",
                "Ни одна её копия ещё не проверена; \(whole.id) последняя без сомнений, сначала её проверяют."),
            ["call-center-admin db verify-backup \(whole.id)", restore(whole)]
        )
    }

    /// An ID stands for the one dump of its run; of several the file is named.
    private func restore(_ point: RecoveryPoint) -> String {
        let file = point.dumps.count == 1 ? nil : dump(in: point).map { Shell.quoted("\(point.store)/\($0.key)") }
        return "call-center-admin db restore \(file ?? "\(point.id)") --into \(Shell.quoted(name))"
    }
}

extension RecoveryPoint {
    /// Why it is not to be restored unseen.
    fileprivate var doubt: Bilingual {
        switch condition {
        case .missingFiles: Bilingual("lacks files", "без части файлов")
        case .changedFiles: Bilingual("has files that are not as they were stored", "с файлами, изменившимися после записи")
        case .verificationFailed: Bilingual("has not passed its verification", "не прошла проверку")
        case .suspicious: Bilingual("is doubted, and nobody has accepted it", "под сомнением, и никто её не принял")
        case .verified, .restored, .checked, .notVerified: Bilingual("is not verified", "не проверена")
        }
    }
}
