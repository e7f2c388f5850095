import BackupModel
import BackupReports

/// Section 1: whether the service does its work, and is the one that is meant.
enum ServiceRules {
    static func all(_ facts: Examination) -> [Diagnosis] {
        guard let process = facts.process else { return [nobodyIsTold(facts)].compactMap { $0 } }
        guard process.isExpected else { return [] }
        return [trouble(process, facts), nobodyIsTold(facts)].compactMap { $0 }
    }

    private static func trouble(_ process: ProcessCondition, _ facts: Examination) -> Diagnosis? {
        let around = facts.surroundings
        return switch process.answer {
        case .well: relation(process, facts)
        case .unknown: nil
        case .unwell(let status): unwell(process.place, status, around)
        case .stranger(let words): foreign(process.place, words, facts)
        case .nobody: stopped(process.place, around)
        case .silent: silent(process.place, around)
        }
    }

    private static func relation(_ process: ProcessCondition, _ facts: Examination) -> Diagnosis? {
        switch process.kinship {
        case .ours, .unknown: nil
        case .another: another(process, facts.surroundings)
        case .outdated: outdated(process.place, facts)
        }
    }

    private static func unwell(_ place: String, _ status: Int, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .serviceUnwell, .critical,
            Bilingual("the backup service answers with an error", "сервис резервного копирования отвечает ошибкой"),
            evidence: Bilingual("\(place) answers /health with \(status)", "\(place) отвечает на /health кодом \(status)"),
            remedy: .init(
                "See what it says, then restart it.", "Посмотрите, что он пишет, и перезапустите его.", around.logs(.backup),
                around.restart(.backup)))
    }

    /// Ours cannot have the address too: it has ended, or somebody else was asked.
    private static func foreign(_ place: String, _ words: String, _ facts: Examination) -> Diagnosis {
        let around = facts.surroundings
        return Diagnosis(
            .serviceForeign, .critical,
            Bilingual(
                "somebody else answers where the backup service is to be",
                "на адресе сервиса резервного копирования отвечает другая программа"),
            evidence: around.evidence(
                Bilingual("\(place) answers /health with \(words)", "\(place) отвечает на /health: \(words)"), of: .backup),
            remedy: .init(
                "See who it is. Have it give the address up, or put another one into BACKUP_HTTP; then restart the service.",
                "Узнайте, кто это. Освободите адрес или укажите другой в BACKUP_HTTP, затем перезапустите сервис.",
                listeners(place), "call-center-admin config show",
                facts.configuration.files.isEmpty ? around.renewService(inEnvironment: true) : around.restart(.backup)))
    }

    private static func stopped(_ place: String, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .serviceStopped, .critical, Bilingual("the backup service is not running", "сервис резервного копирования не запущен"),
            evidence: around.evidence(Bilingual("nobody listens at \(place)", "никто не слушает \(place)"), of: .backup),
            remedy: .init(
                "Start it, then see what it says.", "Запустите его и посмотрите, что он пишет.", around.start(.backup), around.logs(.backup)
            ))
    }

    private static func silent(_ place: String, _ around: Surroundings) -> Diagnosis {
        Diagnosis(
            .serviceSilent, .critical, Bilingual("the backup service does not answer", "сервис резервного копирования не отвечает"),
            evidence: around.evidence(
                Bilingual("\(place) takes connections and says nothing", "\(place) принимает соединения и молчит"), of: .backup),
            remedy: .init(
                "Restart it, then see what it says.", "Перезапустите его и посмотрите, что он пишет.", around.restart(.backup),
                around.logs(.backup)))
    }

    private static func listeners(_ place: String) -> String {
        "ss -Hltnp \(Shell.quoted("sport = :\(place.split(separator: ":").last ?? "")"))"
    }
}

extension ServiceRules {
    /// Its state folder is another one than ours, or ours was put aside while it ran. Then it is the one that has the address.
    private static func another(_ process: ProcessCondition, _ around: Surroundings) -> Diagnosis {
        let (place, folder) = (process.place, around.stateFolder ?? "BACKUP_STATE_DIR")
        return Diagnosis(
            .serviceOther, .critical,
            Bilingual(
                "the service that answers is that of another installation",
                "на адресе сервиса резервного копирования отвечает сервис другой установки"),
            evidence: Bilingual(
                "the one at \(place) does not keep its state in \(folder), or that was put aside while it ran",
                "сервис на \(place) хранит состояние не в \(folder), или эту папку заменили, пока он работал"),
            remedy: .init(
                "See whose it is, and whether these are the settings of the one you mean.",
                "Узнайте, чей он и те ли это настройки.", listeners(place), "call-center-admin config show"
            ).or(
                onlyIf: "it is the one you mean, and its state folder was put aside: put it back, or have it begin anew",
                "это нужный сервис, а его папку состояния заменили: верните её на место или перезапустите сервис",
                around.restartService(listening: process.listener)
            ).or(
                onlyIf: "it is another one, and you have given one of the two another address in BACKUP_HTTP",
                "это другой сервис и вы указали для одного из двух другой адрес в BACKUP_HTTP", around.start(.backup)))
    }

    private static func outdated(_ place: String, _ facts: Examination) -> Diagnosis {
        let (around, files) = (facts.surroundings, facts.configuration.files.joined(separator: ", "))
        // One from which everything was taken away is none that a setting comes from.
        let read = files.isEmpty ? Bilingual("its files", "свои файлы") : Bilingual(quoting: files)
        return Diagnosis(
            .serviceOutdated, .warning,
            Bilingual("the service runs with other settings than these", "сервис работает с другими настройками"),
            evidence: Bilingual(
                "the one at \(place) has not read the files of settings since they were changed",
                "сервис на \(place) не перечитал файлы настроек после их изменения"),
            remedy: .init(
                "See what is set, and have the service read \(read.english) again.",
                "Посмотрите, что задано, и дайте сервису перечитать \(read.russian).", "call-center-admin config show",
                around.renewService()))
    }

    /// The service tells people, or Alertmanager does where Prometheus has its figures. Where it looks itself there is nobody to be asked.
    private static func nobodyIsTold(_ facts: Examination) -> Diagnosis? {
        guard facts.configuration.tellsNobody, facts.monitoring?.figures.value?.statuses.isEmpty != false else { return nil }
        let names = "PAGERDUTY_ROUTING_KEY, BACKUP_WEBHOOK_URL, BACKUP_SMTP_URL, BACKUP_HEARTBEAT_URL"
        let files = facts.configuration.files.joined(separator: ", ")
        return Diagnosis(
            .alertsMissing, .warning,
            Bilingual("nobody is told when a backup fails", "о неудачных копиях никто не узнает"),
            evidence: Bilingual("no channel of alerts is set", "ни один канал оповещений не задан"),
            remedy: .init(
                "Set one of \(names)\(files.isEmpty ? "" : " in \(files)"); then have the service read it, and see whether a test gets "
                    + "through.",
                "Задайте один из \(names)\(files.isEmpty ? "" : " в \(files)"), дайте сервису его прочесть и проверьте, доходит ли "
                    + "тестовое оповещение.",
                "call-center-admin config show"
            ).or(
                onlyIf: "one is set", "канал задан", facts.surroundings.renewService(inEnvironment: files.isEmpty),
                "call-center-admin alert test"))
    }
}
