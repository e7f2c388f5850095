import BackupCatalog
import BackupModel
import BackupReports

extension Diagnosis {
    /// One of the service's own reasons.
    init(_ reason: Reason, _ facts: Examination, _ service: ServiceFacts) {
        var evidence = reason.evidence
        if case .failed = reason.finding, !facts.lastWords.isEmpty {
            let russian = facts.lastWords.map(Self.inRussian).joined(separator: "; ")
            evidence = Bilingual(
                "\(evidence.english); its log: \(facts.lastWords.joined(separator: "; "))", "\(evidence.russian); в его логе: \(russian)")
        }
        self.init(
            DiagnosisCode(reason.code), reason.severity, reason.summary, evidence: evidence, remedy: Remedy(reason, facts, service),
            subject: Subject(reason.finding), runbook: reason.section, team: reason.team)
    }

    /// What the log says stays in its language; what is said of the log does not.
    private static func inRussian(_ word: String) -> String {
        guard let phase = word.wholeMatch(of: /it ends in “(.+)”/) else { return "«\(word)»" }
        return "обрывается на «\(phase.1)»"
    }
}

extension Diagnosis.Subject {
    fileprivate init(_ finding: Finding) {
        self.init(target: finding.target)
        switch finding {
        case .failed(_, _, let failure): (self.failure, hasDied) = (failure.code, failure.isDeath)
        case .verificationFailed(_, let id): point = id
        case .lackingTarget(_, let id, _), .missingCopies(let id, _, _), .suspicious(let id, _), .reuseDiffered(let id, _): point = id
        case .storeDown(let store, _, _), .retentionFrozen(let store, _): self.store = store
        case .overdue, .neverSucceeded, .stalled, .diskFull, .inodesFull, .unproved, .undelivered: break
        }
    }
}

extension Diagnosis.Remedy {
    fileprivate init(_ reason: Reason, _ facts: Examination, _ service: ServiceFacts) {
        switch reason.finding {
        case .diskFull(let disk, _): self = SpaceRules.room(on: disk, service)
        case .inodesFull(let disk, _): self = SpaceRules.room(on: disk, service, of: "-i")
        case .suspicious(let id, let words): self = Self.doubt(id, words, service)
        case .reuseDiffered(let id, _): self = Self.difference(id)
        case .stalled: self = Self.standstill(facts, service)
        default:
            let words = Self.words(reason.finding)
            self.init(words.english, words.russian, Self.commands(reason, facts.surroundings))
        }
    }

    /// Data may have been lost: what is good is kept and compared with before anybody says that all is as it should be.
    private static func doubt(_ id: RecoveryPointID, _ words: String, _ service: ServiceFacts) -> Self {
        let (look, accept) = ("call-center-admin db show \(id)", "call-center-admin db accept \(id)")
        let explained = Bilingual("somebody knows why, and it is as it should be", "кто-то знает причину и всё так, как должно быть")
        guard let good = service.points.first(where: { $0.id < id && $0.isSound && !$0.isSuspicious }) else {
            return .init(
                "See what has shrunk or grown, and ask who changed it.",
                "Посмотрите, что уменьшилось или выросло, и узнайте, кто это менял.", look
            ).or(onlyIf: explained.english, explained.russian, accept)
        }
        let old = words.hasPrefix("Redis") || good.dumps.isEmpty ? "db show \(good.id)" : "db restore \(good.id) --into look_back"
        return .init(
            "See what has shrunk or grown, compare with \(good.id), the last one nobody doubts, and pin that, so that it stays.",
            "Посмотрите, что уменьшилось или выросло, сравните с \(good.id), последней копией без сомнений, и закрепите её, чтобы она "
                + "осталась.",
            look, "call-center-admin \(old)", "call-center-admin db pin \(good.id)"
        ).or(onlyIf: explained.english, explained.russian, accept)
    }

    /// The newest backup has read everything; what is in doubt are those before it, and the server.
    private static func difference(_ id: RecoveryPointID) -> Self {
        .init(
            "Rows changed without the server knowing, as by a damaged disk, or the backups before \(id) do not hold what they should. "
                + "Prove \(id) by a restore, compare the rows named, look for damage with pg_amcheck, and keep older backups. Until it is "
                + "accepted every backup reads everything.",
            "Строки изменились без ведома сервера, например из-за сбойного диска, или копии перед \(id) содержат не то, что должны. "
                + "Проверьте \(id) восстановлением, сравните названные строки, поищите повреждения с pg_amcheck и сохраните старые копии. "
                + "Пока она не принята, каждый backup читает всё.",
            "call-center-admin db show \(id)", "call-center-admin db verify-backup \(id) --level restore"
        ).or(onlyIf: "the cause is known and mended", "причина известна и устранена", "call-center-admin db accept \(id)")
    }

    /// What somebody has started by hand is no matter of the service, which may be well, and is not ended with it.
    private static func standstill(_ facts: Examination, _ service: ServiceFacts) -> Self {
        guard let run = service.current?.record, run.trigger == .person, facts.worker?.program != "backup-service" else {
            return .init(
                "Restart the service, which calls the run off.", "Перезапустите сервис: он прервёт выполнение.",
                facts.surroundings.restart(.backup))
        }
        let (around, host) = (facts.surroundings, run.host == service.host ? nil : run.host)
        let call = Bilingual(
            "\(facts.worker?.command ?? "a run (\(run.kind.rawValue))"), process \(run.process) on \(run.host)",
            "\(facts.worker?.command ?? "запуск (\(run.kind.rawValue))"), процесс \(run.process) на \(run.host)")
        // Of containers nobody here knows which one that is, and its processes have numbers of their own.
        if host != nil, around.manager == .compose { return elsewhere(call, run, around) }
        return .init(
            "Somebody started it by hand: \(call.english). See whether it moves again.",
            "Его запустили вручную: \(call.russian). Посмотрите, не пошёл ли он дальше.", around.shows(run.process, on: host)
        ).or(
            onlyIf: "it is to be ended: what it has begun is removed by the next one",
            "его нужно прервать: начатое им удалит следующий запуск", around.ends(run.process, on: host), around.backsUpAfterwards)
    }

    private static func elsewhere(_ call: Bilingual, _ run: RunRecord, _ around: Surroundings) -> Self {
        let end = "kill -CONT \(run.process) && kill \(run.process)"
        return .init(
            "Somebody started it by hand: \(call.english), which is a container of its own, if one has this ID, or another machine. See there "
                + "whether it moves again; where it is to be ended, type there: \(end).",
            "Его запустили вручную: \(call.russian): это отдельный контейнер, если такой ID есть, или другая машина. Посмотрите там, не пошёл "
                + "ли он дальше; если его нужно прервать, наберите там: \(end).",
            "docker ps --filter \(Shell.quoted("id=\(run.host)"))"
        ).or(
            onlyIf: "it was ended there: what it has begun is removed by the next one",
            "его там прервали: начатое им удалит следующий запуск", around.backsUpAfterwards)
    }

    private static func words(_ finding: Finding) -> Bilingual {
        switch finding {
        case .failed(_, _, let failure):
            Bilingual(
                failure.hint ?? "Take a backup now, and see what it says.", "Сделайте backup сейчас и посмотрите, что он скажет.")
        case .overdue, .neverSucceeded: Bilingual("Take a backup now.", "Сделайте backup сейчас.")
        case .lackingTarget: Bilingual("Take a backup of it.", "Сделайте его backup.")
        case .storeDown: Bilingual("See what the store says.", "Посмотрите, что говорит хранилище.")
        case .undelivered: Bilingual("See whether a test gets through.", "Проверьте, доходит ли тестовое оповещение.")
        default: ofCopies(finding)
        }
    }

    private static func ofCopies(_ finding: Finding) -> Bilingual {
        switch finding {
        case .verificationFailed:
            Bilingual(
                "See what is wrong with it, and take another backup.", "Посмотрите, что с ней не так, и сделайте новый backup.")
        case .missingCopies(_, let stores, _) where stores.isEmpty:
            Bilingual("See which of them are sound.", "Проверьте, какие из них целы.")
        case .missingCopies: Bilingual("Fill the gaps.", "Восполните недостающие копии.")
        case .unproved: Bilingual("Prove the backups again.", "Проверьте резервные копии заново.")
        case .retentionFrozen: Bilingual("See what keeps it from being removed.", "Посмотрите, что мешает удалению.")
        default:
            Bilingual(
                "See what may go by the rules of retention, and remove it.",
                "Посмотрите, что можно удалить по правилам хранения, и удалите.")
        }
    }

    private static func commands(_ reason: Reason, _ around: Surroundings) -> [String] {
        switch reason.finding {
        case .overdue, .neverSucceeded: ["call-center-admin db backup"]
        case .verificationFailed: [reason.remedy, "call-center-admin db backup"]
        default: [reason.remedy]
        }
    }
}
