import BackupModel
import BackupReports

/// Sections 1 and 2: what became of the last runs, and whether anybody makes the next ones.
enum RunRules {
    @Sendable static func all(_ facts: Examination) -> [Diagnosis] { health(facts) + service(facts) + state(facts) }

    /// What the service itself would say, with commands of this machine. Stores are looked at closer by rules of their own.
    private static func health(_ facts: Examination) -> [Diagnosis] {
        guard let service = facts.service else { return [] }
        // Without the history nothing is known of what has been saved.
        return Health(service).reasons.filter { $0.code != .storeDown && (facts.history == nil || $0.target == nil) }
            .map { Diagnosis($0, facts.surroundings) }
    }

    private static func service(_ facts: Examination) -> [Diagnosis] {
        guard let process = facts.process, process.isExpected else { return [] }
        let around = facts.surroundings
        switch process.answer {
        case .well, .unknown: return []
        case .unwell(let status):
            return [
                Diagnosis(
                    .serviceUnwell, .critical,
                    Bilingual("the backup service answers with an error", "сервис резервного копирования отвечает ошибкой"),
                    evidence: Bilingual(
                        "\(process.place) answers /health with \(status)", "\(process.place) отвечает на /health кодом \(status)"),
                    remedy: .init(
                        "See what it says, then restart it.", "Посмотрите, что он пишет, и перезапустите его.", around.logs(.backup),
                        around.restart(.backup)))
            ]
        case .nobody:
            return [
                Diagnosis(
                    .serviceStopped, .critical, Bilingual("the backup service is not running", "сервис резервного копирования не запущен"),
                    evidence: Bilingual("nobody listens at \(process.place)", "никто не слушает \(process.place)"),
                    remedy: .init(
                        "Start it, then see what it says.", "Запустите его и посмотрите, что он пишет.", around.start(.backup),
                        around.logs(.backup)))
            ]
        case .silent:
            return [
                Diagnosis(
                    .serviceSilent, .critical, Bilingual("the backup service does not answer", "сервис резервного копирования не отвечает"),
                    evidence: Bilingual(
                        "\(process.place) takes connections and says nothing", "\(process.place) принимает соединения и молчит"),
                    remedy: .init(
                        "Restart it, then see what it says.", "Перезапустите его и посмотрите, что он пишет.", around.restart(.backup),
                        around.logs(.backup)))
            ]
        }
    }

    private static func state(_ facts: Examination) -> [Diagnosis] {
        [
            facts.history.map { unreadable(Bilingual("the history of runs cannot be read", "история запусков недоступна"), $0) },
            facts.unfinished.trouble.map {
                unreadable(Bilingual("the journal of runs cannot be read", "журнал незавершённых запусков недоступен"), $0)
            },
            facts.outbox.map {
                unreadable(Bilingual("the outbox of alerts cannot be read", "очередь оповещений недоступна"), $0)
            },
        ].compactMap { $0 }
    }

    private static func unreadable(_ cause: Bilingual, _ trouble: Trouble) -> Diagnosis {
        Diagnosis(
            .stateFolder, .critical, cause, evidence: trouble.words,
            remedy: .init(
                "Make BACKUP_STATE_DIR readable and writable for the service.",
                "Сделайте BACKUP_STATE_DIR доступным сервису для чтения и записи.", "call-center-admin config show",
                "call-center-admin config check"))
    }
}

extension Diagnosis {
    /// One of the service's own reasons.
    init(_ reason: Reason, _ around: Surroundings) {
        self.init(
            DiagnosisCode(reason.code), reason.severity, reason.summary, evidence: reason.evidence, remedy: Remedy(reason, around),
            subject: Subject(reason.finding),
            runbook: reason.section, team: reason.team)
    }
}

extension Diagnosis.Subject {
    fileprivate init(_ finding: Finding) {
        self.init(target: finding.target)
        switch finding {
        case .failed(_, _, let failure): self.failure = failure.code
        case .verificationFailed(_, let id): point = id
        case .lackingTarget(_, let id, _), .missingCopies(let id, _), .suspicious(let id, _): point = id
        case .storeDown(let store, _, _), .retentionFrozen(let store, _): self.store = store
        case .overdue, .neverSucceeded, .stalled, .diskFull, .inodesFull, .unproved, .undelivered: break
        }
    }
}

extension Diagnosis.Remedy {
    fileprivate init(_ reason: Reason, _ around: Surroundings) {
        switch reason.finding {
        case .failed(_, _, let failure):
            let hint = failure.hint ?? "Take a backup now, and see what it says."
            self.init(hint, "Сделайте backup сейчас и посмотрите, что он скажет.", reason.remedy)
        case .overdue, .neverSucceeded:
            self.init("Take a backup now.", "Сделайте backup сейчас.", "call-center-admin db backup")
        case .stalled:
            self.init(
                "Restart the service, which calls the run off.", "Перезапустите сервис: он прервёт выполнение.", around.restart(.backup))
        case .verificationFailed:
            self.init(
                "See what is wrong with it, and take another backup.", "Посмотрите, что с ней не так, и сделайте новый backup.",
                reason.remedy,
                "call-center-admin db backup")
        case .lackingTarget: self.init("Take a backup of it.", "Сделайте его backup.", reason.remedy)
        case .diskFull, .inodesFull:
            self.init(
                "See what may go by the rules of retention, and remove it.",
                "Посмотрите, что можно удалить по правилам хранения, и удалите.",
                "call-center-admin db prune --dry-run", "call-center-admin db prune")
        case .storeDown: self.init("See what the store says.", "Посмотрите, что говорит хранилище.", reason.remedy)
        case .missingCopies: self.init("Fill the gaps.", "Восполните недостающие копии.", reason.remedy)
        case .suspicious(let id, _):
            self.init(
                "See whether so much has really changed; then accept it.",
                "Проверьте, действительно ли данные так изменились, и примите копию.",
                reason.remedy, "call-center-admin db accept \(id)")
        case .unproved: self.init("Prove the backups again.", "Проверьте резервные копии заново.", reason.remedy)
        case .undelivered: self.init("See whether a test gets through.", "Проверьте, доходит ли тестовое оповещение.", reason.remedy)
        case .retentionFrozen: self.init("See what keeps it from being removed.", "Посмотрите, что мешает удалению.", reason.remedy)
        }
    }
}
