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
        guard let last = service.targets.compactMap({ service.history[$0]?.lastSuccess }).min() else {
            return Bilingual("none yet", "ещё не было")
        }
        return Bilingual("succeeded \(ago(last).english)", "успешно, \(ago(last).russian)")
    }

    /// What the newest backup that ended said last; nil where it had nothing to complain of.
    var lastFailure: Bilingual? {
        guard let run = facts.service?.runs.first(where: { $0.kind == .backup && !$0.isUnderWay }), let failure = run.failure,
            failure.code != .lockHeld
        else { return nil }
        return Bilingual(quoting: "\(run.id): \(failure.message)")
    }

    func reasonToSkip(_ section: DiagnosisSection) -> Bilingual {
        section == .redis && facts.service != nil
            ? Bilingual("not saved (REDIS_URL is not set)", "не сохраняется (REDIS_URL не задан)")
            : Bilingual("not looked at", "не проверялось")
    }

    private var log: Bilingual? {
        guard let service = facts.service else { return nil }
        guard let run = service.runs.first(where: { $0.kind == .backup }) else { return Bilingual("no run yet", "запусков ещё не было") }
        guard let time = run.duration?.precisely else {
            return Bilingual(
                "\(run.id), under way, begun \(ago(run.startedAt).english)", "\(run.id), выполняется, начат \(ago(run.startedAt).russian)")
        }
        return Bilingual("\(run.id), no errors, took \(time)", "\(run.id), без ошибок, длительность \(time)")
    }

    private var files: Bilingual? {
        guard facts.service != nil else { return nil }
        let held = facts.stores.compactMap { store in store.holdings.value.map { "\(store.name): \($0.points.count)" } }
        return held.isEmpty ? Bilingual("none yet", "пока нет") : Bilingual(quoting: held.joined(separator: "; "))
    }

    private var space: Bilingual? {
        guard let service = facts.service, !service.disks.isEmpty else { return nil }
        let english = service.disks.map { "\($0.path): \($0.usedPercent) % used, \(ByteSize($0.freeBytes)) free" }
        let russian = service.disks.map { "\($0.path): занято \($0.usedPercent) %, свободно \(ByteSize($0.freeBytes))" }
        return Bilingual(english.joined(separator: "; "), russian.joined(separator: "; "))
    }

    private var postgres: Bilingual? {
        guard let server = facts.postgres?.server.value else { return nil }
        let sizes = server.sizes.prefix(3).map { "\($0.database) \(ByteSize($0.bytes))" }.joined(separator: ", ")
        let (kind, kindInRussian) = server.isStandby ? ("standby", "реплика") : ("primary", "мастер")
        let (without, withoutInRussian) = server.savesPasswords ? ("", "") : (", no passwords of roles", ", без паролей ролей")
        return Bilingual(
            "\(server.version), \(kind), \(sizes), \(server.connections) of \(server.maxConnections) connections\(without)",
            "\(server.version), \(kindInRussian), \(sizes), соединений \(server.connections) из \(server.maxConnections)\(withoutInRussian)"
        )
    }

    private var redis: Bilingual? {
        guard let servers = facts.redis?.servers.value, let first = servers.first else { return nil }
        let keys = servers.compactMap(\.keys).reduce(0, +)
        let memory = ByteSize(servers.compactMap(\.usedBytes).reduce(0, +))
        let version = first.version ?? first.place
        return Bilingual("\(version), \(keys.counted("key")), \(memory)", "\(version), ключей: \(keys), \(memory)")
    }

    private var configuration: Bilingual? {
        guard facts.configuration.failure == nil else { return nil }
        let stores = facts.stores.map(\.name).joined(separator: ", ")
        return Bilingual("valid; stores: \(stores)", "верна; хранилища: \(stores)")
    }

    private var verification: Bilingual? {
        guard let service = facts.service else { return nil }
        guard let last = service.targets.compactMap({ service.history[$0]?.lastVerified }).min() else {
            return Bilingual("nothing verified yet", "ещё ничего не проверено")
        }
        return Bilingual("passed \(ago(last).english)", "пройдена \(ago(last).russian)")
    }
}
