import BackupCatalog
import BackupModel
import BackupReports

/// What a section has to say where nothing is wrong; nil where it was not looked at.
struct Summary {
    let facts: Examination

    func text(of section: DiagnosisSection) -> Bilingual? {
        switch section {
        case .lastBackup: lastBackup
        case .logs: log
        case .files: files
        case .space: space
        case .postgres: postgres
        case .redis: redis
        case .configuration: configuration
        case .verification: verification
        }
    }

    private func ago(_ instant: Instant) -> Bilingual {
        let age = facts.now - instant
        return Bilingual("\(age.briefly) ago", "\(age.inRussian) назад")
    }

    private var lastBackup: Bilingual? {
        guard let service = facts.service else { return nil }
        guard let last = service.targets.compactMap(service.lastSuccess(of:)).min() else {
            return Bilingual("none yet", "ещё не было")
        }
        let beside = [next, prometheus, heartbeat].compactMap { $0 }
        let (english, russian) = (beside.map { "; \($0.english)" }.joined(), beside.map { "; \($0.russian)" }.joined())
        return Bilingual("succeeded \(ago(last).english)\(english)", "успешно, \(ago(last).russian)\(russian)")
    }

    /// When the next one begins; nil where nobody is known to begin it.
    private var next: Bilingual? {
        let isServed = facts.process.map { $0.answer == .well && $0.isExpected } ?? true
        guard isServed, let slot = facts.service?.schedule.next, slot > facts.now else { return nil }
        let time = slot - facts.now
        return Bilingual("the next one in \(time.briefly)", "следующий через \(time.inRussian)")
    }

    /// When whoever listens heard of us last; nil where nobody listens, or has heard nothing yet.
    private var heartbeat: Bilingual? {
        guard let delivery = facts.heartbeat?.delivery, delivery.failure == nil else { return nil }
        return Bilingual("heartbeat taken \(ago(delivery.at).english)", "heartbeat принят \(ago(delivery.at).russian)")
    }

    /// `Prometheus: PostgreSQL ok, Redis failed`; nil where it was not reached.
    private var prometheus: Bilingual? {
        guard let figures = facts.monitoring?.figures.value, let targets = facts.service?.targets else { return nil }
        let known = targets.compactMap { target in
            figures.statuses[target].map { "\(target.name) \($0.sorted().joined(separator: "+"))" }
        }
        return known.isEmpty ? nil : Bilingual(quoting: "Prometheus: \(known.joined(separator: ", "))")
    }

    /// What the newest backup that ended said last; nil where it had nothing to complain of.
    var lastFailure: Bilingual? {
        guard let run = facts.service?.runs.first(where: { $0.kind == .backup && !$0.isUnderWay }), let failure = run.failure,
            failure.code != .lockHeld
        else { return nil }
        return Bilingual("\(run.id): \(failure.message)", "\(run.id): «\(failure.message)»")
    }

    /// The run after that failure that mended it: copies that were missing, a verification that passed; nil where none did.
    var mending: Bilingual? {
        let kinds: [RunRecord.Kind] = [.sync, .verification, .reverification]
        let later = facts.service?.runs.prefix { $0.kind != .backup || $0.isUnderWay } ?? []
        guard let run = later.first(where: { kinds.contains($0.kind) && $0.finishedAt != nil && $0.failure == nil }),
            let time = run.duration
        else { return nil }
        return Bilingual(
            "\(run.id), \(run.kind.rawValue), no errors, took \(time.precisely)",
            "\(run.id), \(run.kind.inRussian), без ошибок, длительность \(time.preciselyInRussian)")
    }

    func reasonToSkip(_ section: DiagnosisSection) -> Bilingual {
        section == .redis && facts.service != nil
            ? Bilingual("not saved (REDIS_URL is not set)", "не сохраняется (REDIS_URL не задан)")
            : Bilingual("not looked at", "не проверялось")
    }

    private var log: Bilingual? {
        guard let service = facts.service else { return nil }
        guard let run = service.runs.first(where: { $0.kind == .backup }) else { return Bilingual("no run yet", "запусков ещё не было") }
        guard let time = run.duration else {
            return Bilingual(
                "\(run.id), under way, begun \(ago(run.startedAt).english)", "\(run.id), выполняется, начат \(ago(run.startedAt).russian)")
        }
        return Bilingual(
            "\(run.id), no errors, took \(time.precisely)", "\(run.id), без ошибок, длительность \(time.preciselyInRussian)")
    }

    private var files: Bilingual? {
        guard facts.service != nil else { return nil }
        let held = facts.stores.compactMap { store in store.holdings.value.map { words(of: $0, in: store) } }
        guard !held.isEmpty else { return Bilingual("none yet", "пока нет") }
        return Bilingual(held.map(\.english).joined(separator: "; "), held.map(\.russian).joined(separator: "; "))
    }

    /// What broken-off runs have left and nobody can remove yet: no trouble, and no riddle either.
    private func locked(in store: StoreCondition) -> Bilingual {
        let keys = store.locked.keys.filter { facts.unfinished.value?.contains($0) ?? false }.sorted()
        guard let first = keys.first, let reason = store.locked[first] else { return Bilingual("", "") }
        let more = keys.count > 1 ? " (+\(keys.count - 1))" : ""
        return Bilingual(
            ", of a broken-off run: \(first)\(more), \(reason); the next backup after that removes it",
            ", от прерванного запуска: \(first)\(more), \(reason); потом его удалит следующий backup")
    }

    /// `/backups: 12, 38.0 GB, newest 7 h ago`
    private func words(of holdings: StoreCondition.Holdings, in store: StoreCondition) -> Bilingual {
        let (count, kept) = ("\(store.name): \(holdings.points.count)", locked(in: store))
        guard let newest = holdings.points.map(\.manifest.finishedAt).max() else {
            return Bilingual(count + kept.english, count + kept.russian)
        }
        let (size, age) = (ByteSize(holdings.bytes), ago(newest))
        return Bilingual(
            "\(count), \(size), newest \(age.english)\(kept.english)",
            "\(count), \(size.inRussian), последний \(age.russian)\(kept.russian)")
    }

    private var space: Bilingual? {
        guard let service = facts.service, !service.disks.isEmpty else { return nil }
        let english = service.disks.map { "\($0.path): \($0.usedPercent) % used, \(ByteSize($0.freeBytes)) free" }
        let russian = service.disks.map { "\($0.path): занято \($0.usedPercent) %, свободно \(ByteSize($0.freeBytes).inRussian)" }
        return Bilingual(english.joined(separator: "; "), russian.joined(separator: "; "))
    }

    private var postgres: Bilingual? {
        guard let server = facts.postgres?.server.value else { return nil }
        let largest = server.sizes.prefix(3)
        let english = largest.map { "\($0.database) \(ByteSize($0.bytes))" }.joined(separator: ", ")
        let russian = largest.map { "\($0.database) \(ByteSize($0.bytes).inRussian)" }.joined(separator: ", ")
        let (kind, kindInRussian) = server.isStandby ? ("standby", "реплика") : ("primary", "мастер")
        let (taken, all, hidden) = (server.connections, server.maxConnections, hidden(by: server))
        return Bilingual(
            "\(server.version), \(kind), \(english), \(taken) of \(all) connections\(hidden.english)",
            "\(server.version), \(kindInRussian), \(russian), соединений \(taken) из \(all)\(hidden.russian)")
    }

    /// What this role may not see.
    private func hidden(by server: PostgresCondition.Server) -> Bilingual {
        let passwords = Bilingual(", no passwords of roles", ", без паролей ролей")
        let transactions = Bilingual(", transactions of others not visible to this role", ", чужие транзакции этой роли не видны")
        let all = (server.savesPasswords ? [] : [passwords]) + (server.seesTransactions ? [] : [transactions])
        return Bilingual(all.map(\.english).joined(), all.map(\.russian).joined())
    }

    private var redis: Bilingual? {
        guard let servers = facts.redis?.servers.value, let first = servers.first else { return nil }
        let keys = servers.compactMap(\.keys).reduce(0, +)
        let memory = ByteSize(servers.compactMap(\.usedBytes).reduce(0, +))
        let version = first.version ?? first.place
        return Bilingual("\(version), \(keys.counted("key")), \(memory)", "\(version), ключей: \(keys), \(memory.inRussian)")
    }

    private var configuration: Bilingual? {
        guard facts.configuration.failure == nil else { return nil }
        let stores = facts.stores.map { (name: $0.name, protection: $0.protectionWords) }
        let english = stores.map { $0.name + ($0.protection.map { " (\($0.english))" } ?? "") }.joined(separator: ", ")
        let russian = stores.map { $0.name + ($0.protection.map { " (\($0.russian))" } ?? "") }.joined(separator: ", ")
        return Bilingual("valid; stores: \(english)", "верна; хранилища: \(russian)")
    }

    private var verification: Bilingual? {
        guard let service = facts.service else { return nil }
        guard let last = service.targets.compactMap(service.lastVerified(of:)).min() else {
            return Bilingual("nothing verified yet", "ещё ничего не проверено")
        }
        return Bilingual("passed \(ago(last).english)", "пройдена \(ago(last).russian)")
    }
}

extension RunRecord.Kind {
    fileprivate var inRussian: String {
        switch self {
        case .backup: "резервная копия"
        case .verification: "проверка"
        case .reverification: "повторная проверка"
        case .pruning: "удаление по правилам хранения"
        case .sync: "синхронизация"
        }
    }
}

extension StoreCondition.Holdings {
    /// What its backups take there, as their manifests have it.
    fileprivate var bytes: Int64 {
        points.flatMap { point in point.manifest.artifacts.filter { !point.missing.contains($0.key) }.map(\.bytes) }.saturatingSum
    }
}

extension StoreCondition {
    /// What a bucket does against loss; nil for a folder.
    fileprivate var protectionWords: Bilingual? {
        switch protection {
        case nil: nil
        case .troubled: Bilingual("versions and locks not visible to this key", "версии и object lock этому ключу не видны")
        case .known(let found):
            Bilingual(
                "\(found.keepsVersions ? "versions kept" : "no versions"), \(found.locksObjects ? "object lock" : "no object lock")",
                "\(found.keepsVersions ? "версии хранятся" : "без версий"), \(found.locksObjects ? "есть object lock" : "без object lock")")
        }
    }
}
