import BackupModel
import BackupReports

/// Section 6: whether Redis can be reached, and why not; what keeps a copy from being taken.
enum RedisRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        guard let redis = facts.redis else { return [] }
        let around = facts.surroundings
        switch redis.servers {
        case .troubled(let trouble): return [unreachable(trouble, around)]
        case .known(let servers): return servers.flatMap { of($0, around) }
        }
    }

    private static func unreachable(_ trouble: Trouble, _ around: Surroundings) -> Diagnosis {
        let (code, cause) = words(trouble.kind, around.redis.map { "\($0)" } ?? "")
        return Diagnosis(
            code, .critical, cause, evidence: trouble.words, remedy: remedy(trouble, around),
            subject: .init(target: .redis), team: trouble.kind == .unknownHost ? .devops : nil)
    }

    private static func words(_ kind: Trouble.Kind, _ place: String) -> (DiagnosisCode, Bilingual) {
        switch kind {
        case .notListening: (.redisDown, Bilingual("Redis at \(place) is not running", "Redis на \(place) не запущен"))
        case .unknownHost: (.redisUnknownHost, Bilingual("the host of Redis has no address", "имя узла Redis не разрешается в адрес"))
        case .silent: (.redisSilent, Bilingual("Redis at \(place) does not answer", "Redis на \(place) не отвечает"))
        case .notReady: (.redisNotReady, Bilingual("Redis at \(place) is still loading its data", "Redis на \(place) ещё загружает данные"))
        case .credentials: (.redisPassword, Bilingual("Redis refuses our password", "Redis не принимает наш пароль"))
        case .accessRules:
            (
                .redisAccessRules,
                Bilingual("Redis runs in protected mode and does not let us in", "Redis в защищённом режиме и не впускает нас")
            )
        case .denied: (.redisDenied, Bilingual("Redis does not let us copy it", "Redis не разрешает нам копирование"))
        default: (.redisFailed, Bilingual("Redis at \(place) cannot be used", "Redis на \(place) не работает"))
        }
    }

    private static func remedy(_ trouble: Trouble, _ around: Surroundings) -> Diagnosis.Remedy {
        switch trouble.kind {
        case .notListening, .silent:
            .init(
                "Start it, wait until it answers, and look into its log.", "Запустите его, дождитесь ответа и посмотрите его лог.",
                trouble.kind == .silent ? around.restart(.redis) : around.start(.redis), around.redisCLI("ping"), around.logs(.redis))
        case .unknownHost:
            .init(
                "Mend the host in REDIS_URL, or name resolution.", "Исправьте узел в REDIS_URL либо DNS.",
                "getent hosts \(around.redis?.host ?? "HOST")", "call-center-admin config show")
        case .notReady:
            .init(
                "Wait until it says loading:0.", "Дождитесь loading:0.", around.redisCLI("INFO persistence | grep loading"),
                around.logs(.redis))
        case .credentials:
            .init(
                "Put the right user and password into REDIS_URL or REDIS_PASSWORD, then restart the service.",
                "Укажите верные имя и пароль в REDIS_URL или REDIS_PASSWORD и перезапустите сервис.", around.redisCLI("ACL LIST"),
                "call-center-admin config check", around.restart(.backup))
        case .accessRules:
            .init(
                "Set a password there (it is read from the terminal, Ctrl-D twice ends it) and in REDIS_URL, or connect from its own host.",
                "Задайте там пароль (он читается с терминала, в конце дважды Ctrl-D) и укажите его в REDIS_URL или подключайтесь с его же узла.",
                around.redisCLI("-x CONFIG SET requirepass"), "call-center-admin config check")
        default:
            .init(
                trouble.hint ?? "Look into its log.", "Посмотрите его лог.", around.redisCLI("ping"), around.logs(.redis))
        }
    }
}

extension RedisRules {
    private static func of(_ server: RedisCondition.Server, _ around: Surroundings) -> [Diagnosis] {
        if server.isLoading { return [unreachable(Trouble(.notReady, "INFO persistence: loading:1"), around)] }
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
                around.redisCLI("ACL SETUSER \(user) +psync +replconf +ping +info +role '+config|get' '+acl|whoami' '+acl|dryrun'")))
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
        let what = server.snapshotFailed ? "rdb_last_bgsave_status:err" : "aof_last_bgrewrite_status:err"
        return finding(
            .redisSnapshot, .warning, Bilingual("Redis cannot save its own data", "Redis не может сохранить свои данные"),
            Bilingual(quoting: what),
            .init(
                "Its log says why: mostly a full disk, a forbidden folder, or no memory for the fork.",
                "Причина в его логе: чаще всего полный диск, запрет на папку или нехватка памяти для fork.", around.logs(.redis),
                around.redisCLI("INFO persistence"), around.redisCLI("BGSAVE")))
    }

    /// The kernel has to grant the forked child as much again, in the worst case.
    private static func memory(_ server: RedisCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard let used = server.usedBytes, let free = server.availableBytes, used > free, server.overcommit != 1 || used / 2 > free else {
            return nil
        }
        return finding(
            .redisMemory, .warning, Bilingual("memory may run out while Redis is copied", "при копировании Redis может не хватить памяти"),
            Bilingual(
                "it holds \(ByteSize(used)), \(ByteSize(free)) are free, vm.overcommit_memory is \(server.overcommit ?? 0)",
                "он занимает \(ByteSize(used)), свободно \(ByteSize(free)), vm.overcommit_memory = \(server.overcommit ?? 0)"),
            .init(
                "Let the kernel grant the fork; back up when little is written, or from a replica.",
                "Разрешите ядру fork; копируйте, когда пишут мало, или с реплики.", "sysctl vm.overcommit_memory=1",
                around.redisCLI("INFO memory")))
    }

    private static func buffer(_ server: RedisCondition.Server, _ around: Surroundings) -> Diagnosis? {
        guard let limit = server.outputBuffer, limit > 0, let used = server.usedBytes, used / 4 > limit else { return nil }
        return finding(
            .redisBuffer, .warning, Bilingual("Redis may break a copy off", "Redis может оборвать копирование"),
            Bilingual(
                "client-output-buffer-limit ends it when more than \(ByteSize(limit)) are written meanwhile",
                "client-output-buffer-limit прервёт его, если за это время запишут больше \(ByteSize(limit))"),
            .init(
                "Raise the limit for replicas.", "Поднимите предел для реплик.",
                around.redisCLI("CONFIG SET client-output-buffer-limit 'replica \(used / 2) \(used / 4) 60'")))
    }
}
