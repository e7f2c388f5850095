import BackupModel
import BackupReports

/// Section 6: what keeps a copy of Redis from being taken; why it does not let us in is `RedisDoor`.
enum RedisRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let redis = facts.redis else { return [] }
        let around = facts.surroundings
        switch redis.servers {
        case .troubled(let trouble): return [RedisDoor(trouble: trouble, around: around).diagnosis]
        case .known(let servers): return servers.flatMap { of($0, around) } + [EmptiedRedis(facts: facts).diagnosis].compactMap { $0 }
        }
    }
}

extension RedisRules {
    private static func of(_ server: RedisCondition.Server, _ around: Surroundings) -> [Diagnosis] {
        // There may be several: commands are for the one that is meant.
        var around = around
        around.redis = Surroundings.Place(server.place) ?? around.redis
        if server.isLoading { return [RedisDoor(trouble: Trouble(.notReady, "INFO persistence: loading:1"), around: around).diagnosis] }
        return [link, permission, version, snapshot, memory, buffer].compactMap { $0(server, around) }
    }

    private static func finding(
        _ code: DiagnosisCode, _ severity: Severity, _ cause: Bilingual, _ evidence: Bilingual, _ remedy: Diagnosis.Remedy
    ) -> Diagnosis {
        Diagnosis(code, severity, cause, evidence: evidence, remedy: remedy, subject: .init(target: .redis))
    }

    private static func link(_ server: RedisCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard let link = server.link, !link.isUp else { return nil }
        return finding(
            .redisLink, .critical, Bilingual("the replica \(server.place) has lost its primary", "реплика \(server.place) потеряла мастер"),
            Bilingual("the link to \(link.primary) is down", "связь с \(link.primary) разорвана"),
            .init(
                "Mend the replication, or back up the primary.", "Почините репликацию или копируйте мастер.",
                around.redisCLI("INFO replication"),
                around.logs(.redis)))
    }

    private static func permission(_ server: RedisCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard server.mayReplicate == false else { return nil }
        let user = server.user ?? "default"
        return finding(
            .redisDenied, .critical, Bilingual("Redis does not let us copy it", "Redis не разрешает нам копирование"),
            Bilingual("the user \(user) is denied PSYNC", "пользователю \(user) запрещён PSYNC"),
            .init(
                "Grant it.", "Разрешите.",
                around.redisCLI(
                    "ACL SETUSER \(Shell.quoted(user)) +psync +replconf +ping +info +role '+config|get' '+acl|whoami' '+acl|dryrun'",
                    as: .administrator)))
    }

    private static func version(_ server: RedisCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard !server.isReadable else { return nil }
        return finding(
            .redisVersion, .warning,
            Bilingual(
                "\(server.version ?? "this Redis") is newer than what is known here",
                "\(server.version ?? "этот Redis") новее, чем известно этой программе"),
            Bilingual("its files may have a format that is not understood", "её файлы могут иметь незнакомый формат"),
            .init(
                "Install a newer version of this program, and see whether the newest backup passes.",
                "Установите более новую версию программы и проверьте последнюю копию.", "call-center-admin db verify-backup latest"))
    }

    private static func snapshot(_ server: RedisCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard server.snapshotFailed || server.logRewriteFailed else { return nil }
        let (what, retry) =
            server.snapshotFailed ? ("rdb_last_bgsave_status:err", "BGSAVE") : ("aof_last_bgrewrite_status:err", "BGREWRITEAOF")
        return finding(
            .redisSnapshot, .warning, Bilingual("Redis cannot save its own data", "Redis не может сохранить свои данные"),
            Bilingual(quoting: what),
            .init(
                "Its log says why: mostly a full disk, a forbidden folder, or no memory for the fork.",
                "Причина в его логе: чаще всего полный диск, запрет на папку или нехватка памяти для fork.", around.logs(.redis),
                around.redisCLI("INFO persistence", as: .administrator), around.redisCLI(retry, as: .administrator)))
    }

    private static func memory(_ server: RedisCondition.Server, _ around: Surroundings) -> Diagnosis? {
        RedisMemory(server: server, around: around).diagnosis
    }

    private static func buffer(_ server: RedisCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard let limit = server.outputBuffer, limit > 0, let used = server.usedBytes, used / 4 > limit else { return nil }
        return finding(
            .redisBuffer, .warning, Bilingual("Redis may break a copy off", "Redis может оборвать копирование"),
            Bilingual(
                "client-output-buffer-limit ends it when more than \(ByteSize(limit)) are written meanwhile",
                "client-output-buffer-limit прервёт его, если за это время запишут больше \(ByteSize(limit).inRussian)"),
            .init(
                "Raise the limit for replicas.", "Поднимите предел для реплик.",
                around.redisCLI("CONFIG SET client-output-buffer-limit 'replica \(used / 2) \(used / 4) 60'", as: .administrator)))
    }
}
