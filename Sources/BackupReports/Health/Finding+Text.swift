import BackupModel

extension BackupTarget {
    /// What people call it, in every language.
    package var name: String {
        switch self {
        case .postgres: "PostgreSQL"
        case .redis: "Redis"
        }
    }
}

extension Finding {
    /// What is wrong: a clause without a capital letter and a full stop, so that it can stand inside a sentence.
    package var summary: Bilingual {
        switch self {
        case .failed(let target, _, _):
            Bilingual("the last backup of \(target.name) failed", "последняя резервная копия \(target.name) не удалась")
        case .verificationFailed(let target, _):
            Bilingual("the verification of \(target.name) failed", "проверка резервной копии \(target.name) не пройдена")
        case .overdue(let target, _):
            Bilingual("the backup of \(target.name) is overdue", "резервная копия \(target.name) запаздывает")
        case .neverSucceeded(let target, _, _):
            Bilingual("\(target.name) has never been backed up", "нет ни одной удачной резервной копии \(target.name)")
        case .stalled: Bilingual("the run under way stands still", "выполнение остановилось и не продвигается")
        case .lackingTarget(let target, _, _):
            Bilingual("the newest backup lacks \(target.name)", "в последней резервной копии нет \(target.name)")
        case .diskFull(let disk, _):
            Bilingual("the disk of \(disk.path) is \(disk.usedPercent) % full", "диск \(disk.path) заполнен на \(disk.usedPercent) %")
        case .inodesFull(let disk, _):
            Bilingual(
                "\(disk.usedInodesPercent) % of the inodes of \(disk.path) are used",
                "на диске \(disk.path) занято \(disk.usedInodesPercent) % inode")
        case .storeDown(let store, _, _): Bilingual("the store \(store) cannot be used", "хранилище \(store) недоступно")
        case .missingCopies(_, let stores, _) where stores.isEmpty:
            Bilingual("a copy of the newest backup is damaged", "один из экземпляров последней резервной копии повреждён")
        case .missingCopies: Bilingual("the newest backup is not in every store", "последняя резервная копия есть не во всех хранилищах")
        case .suspicious(let id, _): Bilingual("the backup \(id) is suspicious", "резервная копия \(id) подозрительна")
        case .reuseDiffered(let id, _):
            Bilingual(
                "what was taken for unchanged is not as in the backup before \(id)",
                "данные, которые сервер считал неизменёнными, отличаются от копии перед \(id)")
        case .unproved(let target, nil, _):
            Bilingual("no backup of \(target.name) has been verified", "ни одна резервная копия \(target.name) не проверена")
        case .unproved(let target, _, _):
            Bilingual("the last proof of \(target.name) is old", "последняя проверка \(target.name) устарела")
        case .retentionFrozen(let store, _): Bilingual("nothing is removed from \(store)", "из \(store) ничего не удаляется")
        case .undelivered(let channel, _):
            Bilingual("alerts do not get through to \(channel.name)", "оповещения не доходят: \(channel.name)")
        }
    }

    /// What shows it. Messages of programs stay in the language they came in.
    func evidence(asOf now: Instant) -> Bilingual {
        Bilingual(evidence(Moments(now: now, language: .english)), evidence(Moments(now: now, language: .russian)))
    }

    private func evidence(_ moments: Moments) -> String {
        let isEnglish = moments.language == .english
        switch self {
        case .failed(_, let at, let failure): return "\(moments.clock(at)): \(moments.told(failure))"
        case .verificationFailed(_, let id):
            guard let id else { return isEnglish ? "the last verification found it wanting" : "последняя проверка нашла расхождения" }
            return isEnglish ? "the backup \(id) did not pass" : "резервная копия \(id) не прошла проверку"
        case .overdue(_, let last):
            return isEnglish
                ? "the last good one is of \(moments.clock(last)), \(moments.age(last)) old"
                : "последняя удачная: \(moments.clock(last)), возраст \(moments.age(last))"
        case .neverSucceeded(_, let failures, _): return attempts(failures, isEnglish)
        case .stalled(let phase, let since, let limit, _):
            return isEnglish
                ? "nothing has moved in “\(phase)” for \(moments.age(since)); the limit is \(moments.span(limit))"
                : "на этапе «\(PhaseWords.words(phase).russian)» ничего не происходит \(moments.age(since)); допустимо \(moments.span(limit))"
        case .lackingTarget(_, let id, let reason):
            let fallback = isEnglish ? "it is not in the backup \(id)" : "этого нет в резервной копии \(id)"
            return reason.map { "\(id): \(moments.quoted($0))" } ?? fallback
        case .diskFull(let disk, _):
            let (free, all) = (moments.size(disk.freeBytes), moments.size(disk.bytes))
            return isEnglish
                ? "\(free) of \(all) are free; the limit is \(disk.limitPercent) %"
                : "свободно \(free) из \(all); допустимо \(disk.limitPercent) %"
        case .inodesFull(let disk, _):
            let (free, all) = (moments.number(disk.freeInodes), moments.number(disk.inodes))
            return isEnglish ? "\(free) of \(all) are free" : "свободно \(free) из \(all)"
        case .storeDown(_, let failure, _): return moments.told(failure)
        case .missingCopies(let id, let stores, let damaged): return copies(id, stores, damaged, isEnglish)
        case .suspicious(_, let reason), .retentionFrozen(_, let reason):
            return isEnglish ? reason : CatalogWords.russian(reason) ?? moments.quoted(reason)
        case .reuseDiffered(_, let evidence): return moments.quoted(evidence)
        case .unproved(_, let last, let limit): return proof(last, limit, moments)
        case .undelivered(let channel, let since):
            let failure = channel.failure.map { ": \(moments.quoted($0))" } ?? ""
            return isEnglish
                ? "\(channel.waiting.counted("message")) waiting for \(moments.age(since))\(failure)"
                : "ждут отправки: \(channel.waiting), уже \(moments.age(since))\(failure)"
        }
    }

    private func copies(_ id: RecoveryPointID, _ missing: [String], _ damaged: [String], _ isEnglish: Bool) -> String {
        let words = isEnglish ? ("is missing in ", "is damaged in ", " and ") : ("нет в: ", "экземпляр повреждён в: ", "; ")
        let parts = [(words.0, missing), (words.1, damaged)].filter { !$0.1.isEmpty }.map { $0 + $1.joined(separator: ", ") }
        return "\(id) " + parts.joined(separator: words.2)
    }

    private func attempts(_ failures: Int, _ isEnglish: Bool) -> String {
        if failures == 0 { return isEnglish ? "it has not been tried yet" : "попыток ещё не было" }
        return isEnglish ? "\(failures.counted("attempt")) failed" : "неудачных попыток: \(failures)"
    }

    private func proof(_ last: Instant?, _ limit: Duration, _ moments: Moments) -> String {
        let bound = moments.span(limit)
        guard let last else { return moments.language == .english ? "the limit is \(bound)" : "допустимо \(bound)" }
        return moments.language == .english
            ? "it is of \(moments.clock(last)), \(moments.age(last)) old; the limit is \(bound)"
            : "\(moments.clock(last)), возраст \(moments.age(last)); допустимо \(bound)"
    }
}
