import BackupModel
import BackupReports

/// Why Redis does not let us in.
struct RedisDoor {
    let trouble: Trouble
    let around: Surroundings

    var diagnosis: Diagnosis {
        Diagnosis(
            code, .critical, cause, evidence: around.evidence(trouble.words, of: .redis), remedy: remedy, subject: .init(target: .redis),
            team: trouble.kind == .unknownHost ? .devops : nil)
    }

    private var code: DiagnosisCode {
        switch trouble.kind {
        case .notListening: .redisDown
        case .unknownHost: .redisUnknownHost
        case .silent: .redisSilent
        case .notReady: .redisNotReady
        case .credentials: .redisPassword
        case .accessRules: .redisAccessRules
        case .crowded: .redisCrowded
        case .denied: .redisDenied
        default: .redisFailed
        }
    }

    private var cause: Bilingual {
        let place = around.redis.map { "\($0)" } ?? ""
        return switch trouble.kind {
        case .notListening: Bilingual("Redis at \(place) is not running", "Redis на \(place) не запущен")
        case .unknownHost: Bilingual("the host of Redis has no address", "имя узла Redis не разрешается в адрес")
        case .silent: Bilingual("Redis at \(place) does not answer", "Redis на \(place) не отвечает")
        case .notReady: Bilingual("Redis at \(place) is still loading its data", "Redis на \(place) ещё загружает данные")
        case .credentials: Bilingual("Redis refuses our password", "Redis не принимает наш пароль")
        case .accessRules:
            Bilingual("Redis runs in protected mode and does not let us in", "Redis в защищённом режиме и не впускает нас")
        case .crowded: RedisCrowding.cause(place)
        case .denied: Bilingual("Redis does not let us copy it", "Redis не разрешает нам копирование")
        default: Bilingual("Redis at \(place) cannot be used", "Redis на \(place) не работает")
        }
    }
}

extension RedisDoor {
    private var remedy: Diagnosis.Remedy {
        switch trouble.kind {
        case .notListening: begin(around.start(.redis))
        case .silent: lookFirst
        case .unknownHost: mendHost
        case .notReady: wait
        case .credentials: mendPassword
        case .accessRules: setPassword
        case .crowded: RedisCrowding.remedy(around)
        default: .init(trouble.hint ?? "Look into its log.", "Посмотрите его лог.", around.redisCLI("ping"), around.logs(.redis))
        }
    }

    private func begin(_ command: String) -> Diagnosis.Remedy {
        .init(
            "Start it, wait until it answers, and look into its log.", "Запустите его, дождитесь ответа и посмотрите его лог.", command,
            around.redisCLI("ping"), around.logs(.redis))
    }

    /// Busy or stopped it still has what it has not saved, which a restart would lose.
    private var lookFirst: Diagnosis.Remedy {
        .init(
            "It runs, or the network swallows what is asked: see whether it is stopped (T), waits for a disk (D) or is at work (R), and what "
                + "its log says. Do not restart it before: what it has in memory alone would be lost.",
            "Он работает, либо запросы теряются в сети: посмотрите, остановлен ли он (T), ждёт диска (D) или занят (R) и что в логе. До этого не "
                + "перезапускайте: то, что есть только в памяти, пропадёт.",
            around.processes(.redis), around.logs(.redis)
        ).or(
            onlyIf: "it hangs for good, and nobody needs what it has in memory and not on disk",
            "он завис навсегда, а данные, которые есть только в памяти, никому не нужны", around.restart(.redis), around.redisCLI("ping"))
    }

    private var mendHost: Diagnosis.Remedy {
        .init(
            "Mend the host in REDIS_URL, or name resolution.", "Исправьте узел в REDIS_URL либо DNS.",
            "getent hosts \(Shell.quoted(around.redis?.host ?? "HOST"))", "call-center-admin config show")
    }

    private var wait: Diagnosis.Remedy {
        .init(
            "Wait until it says loading:0.", "Дождитесь loading:0.", around.redisCLI("INFO persistence | grep loading"),
            around.logs(.redis))
    }

    private var mendPassword: Diagnosis.Remedy {
        .init(
            "Put the right user and password into REDIS_URL or REDIS_PASSWORD, then restart the service.",
            "Укажите верные имя и пароль в REDIS_URL или REDIS_PASSWORD и перезапустите сервис.", around.redisCLI("ACL LIST", as: .another),
            "call-center-admin config check", around.restart(.backup))
    }

    private var setPassword: Diagnosis.Remedy {
        .init(
            "Only whoever is on its own host is let in without a password: connect from there, or give it one.",
            "Без пароля впускают только с его собственного узла: подключайтесь оттуда или задайте пароль.",
            around.redisCLIThere("CONFIG GET protected-mode"), "call-center-admin config check"
        ).or(
            onlyIf:
                "it is to be reached from here: a password, read from the terminal (Ctrl-D twice ends it), which goes into REDIS_URL too",
            "к нему нужен доступ отсюда: пароль читается с терминала (в конце дважды Ctrl-D), его же укажите в REDIS_URL",
            around.redisCLIThere("-x CONFIG SET requirepass"), "call-center-admin config check")
    }
}
