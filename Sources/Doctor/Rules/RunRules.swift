import BackupModel
import BackupReports

/// Sections 1 and 2: what became of the last runs, and whether anybody makes the next ones.
enum RunRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] {
        health(facts) + ScheduleRules.all(facts) + ServiceRules.all(facts) + state(facts)
    }

    /// What the service itself would say, with commands of this machine. Stores are looked at closer by rules of their own.
    private static func health(_ facts: Examination) -> [Diagnosis] {
        guard let service = facts.service else { return [] }
        // Without the history nothing is known of what has been saved.
        return Health(service).reasons.filter { isOurs($0, facts) && (facts.history == nil || $0.target == nil) }
            .map { Diagnosis($0, facts, service) }
    }

    /// While a run is under way its copies may still be on their way.
    private static func isOurs(_ reason: Reason, _ facts: Examination) -> Bool {
        switch reason.code {
        case .storeDown: false
        case .missingCopies: facts.underWay.isEmpty
        default: true
        }
    }

    private static func state(_ facts: Examination) -> [Diagnosis] {
        [
            facts.stateObstacle.flatMap { $0.kind == .denied && facts.surroundings.looksAsAnother ? nil : unmade($0, facts) },
            facts.history.map { $0.isDamage ? damaged($0) : unreadable(Self.history, $0) },
            facts.unfinished.trouble.map {
                unreadable(Bilingual("the journal of runs cannot be read", "журнал незавершённых запусков недоступен"), $0)
            },
            facts.outbox.map {
                unreadable(Bilingual("the outbox of alerts cannot be read", "очередь оповещений недоступна"), $0)
            },
        ].compactMap { $0 }
    }

    private static let history = Bilingual("the history of runs cannot be read", "история запусков недоступна")

    /// A service that runs goes on with the one it has; one that is started does not begin.
    private static func unmade(_ trouble: Trouble, _ facts: Examination) -> Diagnosis {
        let around = facts.surroundings
        var subject = Diagnosis.Subject()
        // What is denied to whoever looks may be allowed to the service, or made for it.
        subject.isUnmade = trouble.kind != .denied
        return Diagnosis(
            .stateFolder, .critical,
            Bilingual("there is no state folder, and it cannot be made", "папки состояния нет, и создать её нельзя"),
            evidence: trouble.words,
            remedy: .init(
                "Put a folder into BACKUP_STATE_DIR that the account of the service may make or write to, and check it; only then start "
                    + "the service anew.",
                "Укажите в BACKUP_STATE_DIR папку, которую учётная запись сервиса может создать или в которую может писать, и проверьте; "
                    + "только потом запустите сервис заново.",
                "call-center-admin config show", "call-center-admin config check"
            ).or(
                onlyIf: "the check passes", "проверка пройдена",
                facts.configuration.files.isEmpty ? around.renewService(inEnvironment: true) : around.restart(.backup)), subject: subject)
    }

    /// As `RunHistory` does, which only writers may.
    private static func damaged(_ trouble: Trouble) -> Diagnosis {
        Diagnosis(
            .stateFolder, .critical, Bilingual("the history of runs is damaged", "история запусков повреждена"), evidence: trouble.words,
            remedy: .init(
                "Nothing need be done by hand: the next backup puts the damaged file aside as history.damaged.sqlite and begins anew.",
                "Вручную ничего делать не нужно: следующий backup сам отложит повреждённый файл как history.damaged.sqlite и начнёт новый.",
                "call-center-admin db backup"))
    }

    private static func unreadable(_ cause: Bilingual, _ trouble: Trouble) -> Diagnosis {
        Diagnosis(.stateFolder, .critical, cause, evidence: trouble.words, remedy: admission(trouble))
    }

    /// Rights are to blame only where they are what was refused.
    private static func admission(_ trouble: Trouble) -> Diagnosis.Remedy {
        guard trouble.isOfRights else {
            return .init(
                trouble.hint ?? "See what BACKUP_STATE_DIR is, and whether its file system is well.",
                "Посмотрите, что задано в BACKUP_STATE_DIR и исправна ли его файловая система.", "call-center-admin config show",
                "call-center-admin config check")
        }
        return .init(
            "Make BACKUP_STATE_DIR readable and writable for the service.",
            "Сделайте BACKUP_STATE_DIR доступным сервису для чтения и записи.", "call-center-admin config show",
            "call-center-admin config check")
    }
}

extension Trouble {
    fileprivate var isOfRights: Bool {
        let words = ["permission denied", "readonly", "read-only"]
        return kind == .denied || kind == .readOnly || words.contains { message.lowercased().contains($0) }
    }

    /// What SQLite says of a file that is none of its own any more (SQLITE_NOTADB, SQLITE_CORRUPT).
    fileprivate var isDamage: Bool { ["file is not a database", "malformed"].contains { message.contains($0) } }
}
